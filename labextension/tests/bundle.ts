/** The built module holds nothing that could turn text into markup or code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const BUILT = readFileSync(new URL('../../../ipython_ext/askance/kernel/view/static/answer.js', import.meta.url), 'utf8');
const FORBIDDEN = [
  'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'createContextualFragment', 'DOMParser', 'setHTMLUnsafe',
  'new Function', 'importScripts', 'XMLHttpRequest', 'WebSocket', 'sendBeacon', 'commandlinker'
];

test('no HTML sink, no evaluation and no request stands in the bundle, dependencies included', () => {
  assert.ok(BUILT.length > 50_000);
  assert.deepEqual(FORBIDDEN.filter(word => BUILT.includes(word)), []);
  assert.deepEqual(BUILT.match(/(?<![\w.$])(?:eval\(|import\(|fetch\((?!\)\{))/g), null);
});
