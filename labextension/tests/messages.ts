/** What the kernel says is looked at before it is believed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isCode, isFromKernel, MOST_CODE } from '../src/messages';

test('messages of the kernel are known by their type and what they must hold', () => {
  assert.ok(isFromKernel({ type: 'stopping', ask_id: null, ok: true }));
  assert.ok(isFromKernel({ type: 'stale', answers: { a: 'df +1 column', b: '' } }));
  assert.ok(isFromKernel({ type: 'state', stale: { a: 'x' } }));
  assert.ok(isFromKernel({ type: 'insert', cell: 'c', code: 'x = 1' }));
  assert.ok(isFromKernel({ type: 'explanation', id: 'e', start: 3, text: 'x' }));
  assert.ok(isFromKernel({ type: 'explained', id: 'e', state: 'done', text: 'x', notice: '' }));
});

for (const wrong of [
  null,
  'state',
  [],
  {},
  { type: 'other' },
  { type: 'stale', answers: { a: 1 } },
  { type: 'stale', answers: ['a'] },
  { type: 'state', stale: { a: {} } },
  { type: 'insert', cell: 1, code: 'x' },
  { type: 'insert', cell: 'c', code: ['x'] },
  { type: 'explanation', id: 'e', start: '3', text: 'x' },
  { type: 'explained', id: 'e', state: 'constructor', text: 'x', notice: '' },
  { type: 'explained', id: 'e', state: 'done', text: {}, notice: '' }
]) {
  test(`not a message: ${JSON.stringify(wrong)}`, () => assert.equal(isFromKernel(wrong), false));
}

test('code of any cell is code, and a flood is not', () => {
  assert.ok(isCode(''));
  assert.ok(!isCode('x'.repeat(MOST_CODE + 1)));
  assert.ok(!isCode(undefined));
});
