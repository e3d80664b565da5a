/** Whoever is to allow a call sees all of it, and nothing that Python would read otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { partsOf, plainly } from '../src/answer/plainly';

test('code is shown line by line, other arguments as JSON', () => {
  const parts = partsOf('{"code":"import os\\n\\tx = 1","lines":[1,2],"dry":false}');
  assert.deepEqual(parts, [
    { name: 'code', value: 'import os\n\tx = 1' },
    { name: 'lines', value: '[1,2]' },
    { name: 'dry', value: 'false' }
  ]);
});

test('signs that hide or turn around what stands there are named', () => {
  assert.equal(plainly('a\u202eb\u200b\u0000\r\u00a0\u{e0041}\ud800é😀'), 'a⟨U+202E⟩b⟨U+200B⟩⟨U+0000⟩⟨U+000D⟩⟨U+00A0⟩⟨U+E0041⟩⟨U+D800⟩é😀');
  assert.deepEqual(partsOf('{"a\u2066":"x\\u202ey"}'), [{ name: 'a⟨U+2066⟩', value: 'x⟨U+202E⟩y' }]);
});

test('what is no object of JSON, or not the same here and in Python, is shown as it came', () => {
  for (const given of ['print(1)', '[1]', '"x"', '{"a":', '{"n":12345678901234567890}', '{"n":1e400}', '{"n": [1, 2]}']) {
    assert.deepEqual(partsOf(given), [{ name: '', value: given }], given);
  }
  assert.deepEqual([partsOf(''), partsOf('{}')], [[], [{ name: '', value: '{}' }]]);
});

test('a name that JavaScript has a use for is a name', () => {
  assert.deepEqual(partsOf('{"__proto__":"x","constructor":"y"}').map(({ name }) => name), ['__proto__', 'constructor']);
});
