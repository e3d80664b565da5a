/** The growing text counts as Python does and survives what a comm can do to deltas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GAP, Transcript } from '../src/answer/transcript';

test('deltas add up, placed by code points and not by UTF-16 units', () => {
  const transcript = new Transcript();
  transcript.append(0, 'a😀');
  transcript.append(2, 'é🎉');
  transcript.append(4, 'z');
  assert.equal(transcript.text, 'a😀é🎉z');
});

test('a delta that came before adds nothing, one that overlaps adds its rest', () => {
  const transcript = new Transcript('😀bc');
  transcript.append(0, '😀b');
  assert.equal(transcript.text, '😀bc');
  transcript.append(2, 'cd');
  assert.equal(transcript.text, '😀bcd');
});

test('a lost delta leaves a mark, later ones go on, the whole text heals it', () => {
  const transcript = new Transcript('ab');
  transcript.append(5, 'f');
  transcript.append(6, 'g');
  assert.equal(transcript.text, `ab${GAP}fg`);
  transcript.replace('abcdefg');
  transcript.append(7, 'h');
  assert.equal(transcript.text, 'abcdefgh');
});
