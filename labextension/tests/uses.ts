/** What is believed of a call, and how it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type IUse, doing, duration, useOf, usesOf, withUse } from '../src/answer/uses';

export const USE: IUse = { id: 'c1', name: 'read_file', arguments: '{"path":"utils.py"}', state: 'running', seconds: 0, text: '', cached: false };

test('a call is read, and what more is told of it is left out', () => {
  assert.deepEqual(useOf({ ...USE, round: 2, __proto__: { polluted: 1 } }), USE);
  assert.deepEqual(usesOf([USE, null, { ...USE, id: 7 }]), [USE]);
});

for (const wrong of [null, 'x', [], {}, { ...USE, id: {} }, { ...USE, state: 'toString' }, { ...USE, text: null }, { ...USE, seconds: '1' }]) {
  test(`no call: ${JSON.stringify(wrong)}`, () => assert.equal(useOf(wrong), null));
}

test('no list of calls, no calls; a flood of them is cut', () => {
  assert.deepEqual([usesOf({ length: 3 }), usesOf('abc'), usesOf(undefined)], [[], [], []]);
  assert.equal(usesOf(Array(9000).fill(USE)).length, 500);
});

test('news of a call take the place of what was known, a new one comes last', () => {
  const other = { ...USE, id: 'c2' };
  const done = { ...USE, state: 'done' as const };
  assert.deepEqual(withUse([USE, other], done), [done, other]);
  assert.deepEqual(withUse([USE], other), [USE, other]);
});

test('times are short, and there is none before a call has run', () => {
  const said = (seconds: number): string => duration({ seconds, state: 'done' });
  assert.deepEqual([0, 0.0124, 0.9999, 1.25, 9.96, 75].map(said), ['0 ms', '12 ms', '1.0 s', '1.3 s', '10 s', '75 s']);
  assert.deepEqual([duration({ seconds: 3, state: 'asking' }), said(NaN), said(-1)], ['', '', '']);
});

test('what the answer waits for is said, the user first', () => {
  assert.equal(doing([USE, { ...USE, id: 'c2', name: 'git_log', state: 'waiting' }]), 'calling read_file, git_log');
  assert.equal(doing([USE, { ...USE, id: 'c2', name: 'run_python', state: 'asking' }]), 'waiting for you: run_python');
  assert.equal(doing([{ ...USE, state: 'done' }]), '');
});
