/** A saved answer as the view shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { manifestOf } from '../src/manifest';
import { traitsOf, withoutFooter } from '../src/traits';

test('the footer is told from the answer, its escapes taken back', () => {
  const { text, footer } = withoutFooter('The **answer**.\n\n*openai:m\\*\\_1 · 3 tokens in \\(2 cached\\), \\$0.01*');
  assert.equal(text, 'The **answer**.');
  assert.equal(footer, 'openai:m*_1 · 3 tokens in (2 cached), $0.01');
});

test('signs of the footer that are written as entities are taken back, and no others', () => {
  assert.equal(withoutFooter('*a&#92;(b&#92;) &#96;&lt;x\\> \\&lt;*').footer, 'a\\(b\\) `<x> &lt;');
});

test('an answer without text has a footer still, and one without footer is all text', () => {
  assert.deepEqual(withoutFooter('*local · stopped*'), { text: '', footer: 'local · stopped' });
  assert.deepEqual(withoutFooter('Only *this*'), { text: 'Only *this*', footer: '' });
  assert.deepEqual(withoutFooter('a\n\n*b* and *c*'), { text: 'a\n\n*b* and *c*', footer: '' });
});

test('the line for other front ends that it is stale is left out: the banner says what is so now', () => {
  const { text, footer } = withoutFooter('Yes.\n\n*local · 1 context item*\n\n*stale: df +1 column. Run the cell to ask again.*');
  assert.deepEqual([text, footer], ['Yes.', 'local · 1 context item']);
});

test('a footer takes linear time to find, whatever stands there', () => {
  assert.equal(withoutFooter(`x\n\n*${'\\*a '.repeat(50_000)}`).footer, '');
  assert.equal(withoutFooter('\n\n*'.repeat(50_000)).footer, '');
});

test('how it ended and where it came from are told from the manifest, and nothing else is made up', () => {
  const manifest = manifestOf({ askance: { id: 'a', model: 'm', items: [], ended: 'stopped', cached: 'disk', notice: 7 } });
  assert.ok(manifest);
  const traits = { ask_id: 'a', cached: 'disk', footer: 'f', model_name: 'm', notice: '', state: 'stopped', text: 'T', tools: [] };
  assert.deepEqual(traitsOf(manifest, 'T\n\n*f*'), traits);
  const other = manifestOf({ askance: { id: 'a', model: 'm', items: [], ended: '<b>', cached: null } });
  assert.ok(other);
  assert.equal(traitsOf(other, 'T').state, 'done');
  assert.equal(traitsOf(other, 'T').cached, '');
});
