/** What is believed of an output's metadata, and what of it the kernel is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type IManifest, manifestOf, watched } from '../src/manifest';

const ITEM = { id: 'variables:df', fingerprint: 'f1', level: 'full', tokens: 9, status: 'sent', facts: { rows: 3, type: 'DataFrame' } };
const GOOD = { id: 'a1b2', model: 'local', items: [ITEM], ended: 'complete' };

function manifest(id: string, names: string[]): IManifest {
  const found = manifestOf({ askance: { ...GOOD, id, items: names.map(name => ({ ...ITEM, id: name })) } });
  assert.ok(found);
  return found;
}

test('a manifest is read, the one of an old askance without id and facts, too', () => {
  const found = manifestOf({ askance: GOOD });
  assert.deepEqual(found?.items, [{ id: 'variables:df', fingerprint: 'f1', level: 'full', facts: ITEM.facts }]);
  assert.equal(manifestOf({ askance: { model: 'm', items: [{ id: 'x', fingerprint: '' }] } })?.id, '');
});

const LONG = 'x'.repeat(300_000);
const FORGED: [string, unknown][] = [
  ['no metadata', undefined],
  ['none of ours', {}],
  ['a word', { askance: 'yes' }],
  ['a list', { askance: [GOOD] }],
  ['an id with markup', { askance: { ...GOOD, id: '<img src=x>' } }],
  ['an id that is an object', { askance: { ...GOOD, id: {} } }],
  ['a model that is no word', { askance: { ...GOOD, model: { toString: 1 } } }],
  ['items that are no list', { askance: { ...GOOD, items: { length: 1 } } }],
  ['an item that is null', { askance: { ...GOOD, items: [null] } }],
  ['facts with something inside', { askance: { ...GOOD, items: [{ ...ITEM, facts: { rows: { deep: 1 } } }] } }],
  ['a level that is a number', { askance: { ...GOOD, items: [{ ...ITEM, level: 7 }] } }],
  ['too many items', { askance: { ...GOOD, items: Array(2000).fill(ITEM) } }],
  ['too long a name', { askance: { ...GOOD, items: [{ ...ITEM, id: LONG }] } }],
  ['too long elsewhere', { askance: { ...GOOD, more: LONG } }]
];
for (const [what, metadata] of FORGED) {
  test(`not believed: ${what}`, () => assert.equal(manifestOf(metadata), null));
}

test('the kernel is told of each answer once, in the order of the notebook', () => {
  const told = watched([manifest('a', ['x']), manifest('b', ['y']), manifest('a', ['z'])]);
  assert.deepEqual(told.map(({ id }) => id), ['b', 'a']);
  assert.equal(told[1]?.items[0]?.id, 'z');
  assert.deepEqual(watched([manifest('', ['x']), manifest('c', [])]), []);
});

test('of many answers the last 50 are told', () => {
  const told = watched(Array.from({ length: 70 }, (_, index) => manifest(`n${index}`, ['x'])));
  assert.equal(told.length, 50);
  assert.equal(told.at(-1)?.id, 'n69');
});

test('all of them fit into one message, as Python counts its bytes', () => {
  const names = Array.from({ length: 40 }, (_, index) => `variables:größe_${index}_${'ü'.repeat(20)}`);
  const told = watched(Array.from({ length: 50 }, (_, index) => manifest(`n${index}`, names)));
  assert.ok(told.length >= 2 && told.length < 50);
  const message = JSON.stringify({ type: 'watch', answers: told });
  const python = [...message].reduce((size, char) => size + (char > '~' ? 6 : 1) + (char === ',' || char === ':' ? 1 : 0), 0);
  assert.ok(python <= 64_000, String(python));
  assert.ok(python > 40_000, String(python));
});
