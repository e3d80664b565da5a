/** A growing text gives the same blocks as the whole text does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GrowingParser } from '../src/answer/growing';
import { parse } from '../src/answer/tree';

const PIECES = [
  '# Title\n\nSome *words*\nand more.\nSetext\n===\n\n',
  '- a\n- b\n\n      code of b\n\n  more of b\n\n1. x\n2. y\n',
  '\n    indented\n\n    code\n\n```py\nx = 1\n\ny = 2\n```\nafter\n',
  '> quote\nlazy\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<div>\nraw\n</div>\n\n***\n* s\n+ p\n'
];

test('character by character, the blocks are those of the whole text so far', () => {
  const text = PIECES.join('') + PIECES.join('\n');
  const parser = new GrowingParser();
  for (let end = 1; end <= text.length; end += 1) {
    const grown = text.slice(0, end);
    assert.deepEqual(parser.parse(grown, false), parse(grown), JSON.stringify(grown.slice(-40)));
  }
});

test('a text with definitions, or one that does not continue the last, is parsed whole', () => {
  const parser = new GrowingParser();
  parser.parse('see [a]\n\nmore', false);
  const defined = 'see [a]\n\nmore\n\n[a]: https://example.org';
  assert.deepEqual(parser.parse(defined, false), parse(defined));
  assert.deepEqual(parser.parse('other\n\ntext', false), parse('other\n\ntext'));
});
