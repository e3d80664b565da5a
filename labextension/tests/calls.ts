/** The calls before a saved answer are read back; a text that looks like them is text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withoutCalls } from '../src/calls';
import { manifestOf } from '../src/manifest';
import { traitsOf } from '../src/traits';

const READ = '<details><summary><code>read&#95;file(path=&#34;utils.py&#34;)</code> 12 ms, 6 characters</summary><pre>x = &#60;b&#62;&#10;</pre></details>';
const FAILED = '<details><summary><code>git&#95;log()</code> failed&#58; none</summary></details>';
const NOTED = { tools: [{ name: 'read_file', seconds: 0.012, state: 'done' }, { name: 'git_log', seconds: 0.5, state: 'failed' }] };

test('each has its name, arguments, state, time and result', () => {
  const { tools, text } = withoutCalls(`${READ}\n\n${FAILED}\n\nThe *answer*.`, NOTED);
  assert.equal(text, 'The *answer*.');
  assert.deepEqual(tools, [
    { id: '0', name: 'read_file', arguments: 'path="utils.py"', state: 'done', seconds: 0.012, text: 'x = <b>\n', cached: false },
    { id: '1', name: 'git_log', arguments: '', state: 'failed', seconds: 0.5, text: '', cached: false }
  ]);
});

test('arguments that had no room in the line are read from below it; what was known already says so', () => {
  const long = '<details><summary><code>f(a…)</code> known already</summary><pre>&#123;&#34;a&#34;&#58;1&#125;</pre><pre>r</pre></details>';
  const [use] = withoutCalls(long).tools;
  assert.deepEqual([use?.name, use?.arguments, use?.text, use?.cached, use?.state], ['f', '{"a":1}', 'r', true, 'done']);
});

test('an answer without text has its calls and its footer', () => {
  const manifest = manifestOf({ askance: { id: 'a', model: 'm', items: [], ...NOTED } });
  assert.ok(manifest);
  const { tools, text, footer } = traitsOf(manifest, `${READ}\n\n*m · 1 tool*`);
  assert.deepEqual([tools?.length, text, footer], [1, '', 'm · 1 tool']);
});

for (const [what, text] of [
  ['behind the answer', `x\n\n${READ}`],
  ['with more in it', READ.replace('<pre>', '<pre><img src=x>')],
  ['with an attribute', READ.replace('<details>', '<details open>')],
  ['not closed', READ.slice(0, -10)]
] as const) {
  test(`no call: ${what}`, () => assert.deepEqual(withoutCalls(text), { tools: [], text }));
}

test('a manifest that says something else is not believed, a flood takes linear time', () => {
  assert.equal(withoutCalls(READ, { tools: [{ state: '<b>', seconds: 'x' }] }).tools[0]?.state, 'done');
  assert.equal(withoutCalls(READ, { tools: 'x' }).tools.length, 1);
  assert.equal(withoutCalls(`${FAILED}\n\n`.repeat(2000)).tools.length, 2000);
  assert.equal(withoutCalls('<details><summary><code>'.repeat(20_000)).tools.length, 0);
  assert.equal(withoutCalls(READ.replace('&#95;', '&#9999999;')).tools[0]?.name, 'read&#9999999;file');
});
