/** A growing text gives the same blocks as the whole text does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GrowingParser } from '../src/answer/growing';
import { textOf, type IBlock } from '../src/answer/tree';
import { NASTY } from './texts';

function whole(text: string, growing = false): readonly IBlock[] {
  return new GrowingParser().parse(text, growing);
}

const TEXTS = [...NASTY, NASTY.join('\n\n'), [...NASTY].reverse().join('')].map(text => text.replace(/\r\n?/g, '\n'));

test('character by character, the blocks are those of the whole text so far', () => {
  for (const text of TEXTS) {
    const parser = new GrowingParser();
    for (let end = 1; end <= text.length; end += 1) {
      const grown = text.slice(0, end);
      const blocks = parser.parse(grown, true);
      // The long texts are the short ones joined: there every seventh place tells enough.
      if (text.length < 500 || end % 7 === 0) {
        assert.deepEqual(blocks, whole(grown, true), JSON.stringify(grown.slice(-60)));
      }
    }
    assert.deepEqual(parser.parse(text, false), whole(text));
  }
});

test('cut in two anywhere, or shown whole at any point, it ends in the same blocks', () => {
  for (const text of TEXTS) {
    const last = whole(text);
    for (let cut = 0; cut <= text.length; cut += 3) {
      const parser = new GrowingParser();
      parser.parse(text.slice(0, cut), cut % 2 === 0);
      assert.deepEqual(parser.parse(text, false), last, JSON.stringify(text.slice(0, cut).slice(-60)));
    }
  }
});

test('while a text grows, the blocks before the last are the very same objects', () => {
  const parser = new GrowingParser();
  const text = `words\n\n- a\n- b\n\n\`\`\`py\nx = 1\n\`\`\`\n\n${'more '.repeat(9)}`;
  const before = parser.parse(text, true);
  const after = parser.parse(`${text}and more`, true);
  assert.equal(before.length, 4);
  assert.deepEqual(before.slice(0, 3).map((block, index) => block === after[index]), [true, true, true]);
  assert.notEqual(before[3], after[3]);
});

test('a definition that comes late reaches the links before it; a text that does not continue the last is read whole', () => {
  const parser = new GrowingParser();
  parser.parse('see [a]\n\nmore', true);
  const defined = 'see [a]\n\nmore\n\n[a]: https://example.org\n\nend';
  assert.deepEqual(parser.parse(defined, true), whole(defined, true));
  assert.deepEqual(parser.parse('other\n\ntext', true), whole('other\n\ntext', true));
});

test('what is not decided yet does not flash as something else', () => {
  const shown = (text: string): string[] => whole(text, true).map(({ tree }) => (typeof tree === 'string' ? '' : tree.tag));
  assert.deepEqual(shown('A list:\n-'), ['p']); // a heading's underline
  assert.deepEqual(shown('A list:\n\n1.'), ['p']);
  assert.deepEqual(shown('code:\n``'), ['p']);
  assert.deepEqual(shown('| a | b'), ['table']);
  assert.deepEqual(shown('| a | b |\n|-'), ['table']);
  assert.equal(textOf(whole('```\n| a | b', true)[0]?.tree ?? '').endsWith('| a | b'), true);
  assert.deepEqual(whole('| a | b').map(({ tree }) => textOf(tree)), ['| a | b']);
});
