/** What is drawn stays where it is while more is drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { elementsOf } from './page';
import { Blocks } from '../src/answer/blocks';
import { NASTY } from './texts';

function drawn(text: string, growing = false): HTMLElement {
  const host = document.createElement('div');
  new Blocks(host).draw(text, growing);
  return host;
}

test('drawn step by step, a text gives the same page as drawn at once', () => {
  for (const text of [...NASTY, NASTY.join('\n\n')]) {
    const host = document.createElement('div');
    const blocks = new Blocks(host);
    for (let end = 1; end < text.length; end += 1) {
      blocks.draw(text.slice(0, end), true);
    }
    blocks.draw(text, false);
    assert.equal(host.toString(), drawn(text).toString());
  }
});

test('a list, a table and a code block keep all their nodes while they grow', () => {
  const growth: [string, string, string][] = [
    ['- one\n- two\n', '- three', 'li'],
    ['| a |\n|---|\n| 1 |\n', '| 2 |\n', 'tr'],
    ['```py\nx = 1\ny = 2\n', 'z = 3\n', 'span'],
    ['- a\n\n  ```py\n  x = 1\n', '  y = 2\n', 'span'],
    ['words and $x$ and **bold**', ' and more *words*', 'p']
  ];
  for (const [before, more, tag] of growth) {
    const host = document.createElement('div');
    const blocks = new Blocks(host);
    blocks.draw(before, true);
    const nodes = elementsOf(host);
    blocks.draw(before + more, true);
    const after = new Set(elementsOf(host));
    assert.deepEqual(nodes.filter(node => !after.has(node)).map(node => node.tagName), [], before);
    assert.ok(after.size > nodes.length, tag);
  }
});

test('a text at its end is lengthened, not replaced: a selection in it stays', () => {
  const host = document.createElement('div');
  const blocks = new Blocks(host);
  blocks.draw('some words', true);
  const text = host.firstChild?.firstChild;
  blocks.draw('some words and more', true);
  assert.equal(host.firstChild?.firstChild, text);
  assert.equal(text?.textContent, 'some words and more');
});

test('a page that someone else changed is drawn anew', () => {
  const host = document.createElement('div');
  const blocks = new Blocks(host);
  blocks.draw('one\n\ntwo', true);
  host.lastChild?.remove();
  (host.firstChild as Element).replaceChildren(document.createElement('font'), document.createElement('font'));
  blocks.draw('one\n\ntwo\n\nthree *x*', true);
  assert.equal(host.textContent.replace(/^one/, ''), 'twothree x');
});

test('a block whose fence is open cannot be used yet; once closed it can', () => {
  const disabled = (text: string, growing = true): number => drawn(text, growing).querySelectorAll('button[disabled]').length;
  assert.equal(disabled('```py\nx = 1'), 4);
  assert.equal(disabled('- a\n  ```py\n  x = 1\n'), 4);
  assert.equal(disabled('```py\nx = 1\n```'), 0);
  assert.equal(disabled('````py\nx = 1\n```\n'), 4);
  assert.equal(disabled('```py\nx = 1\n```\n\nmore'), 0);
  assert.equal(disabled('```py\nx = 1', false), 0);
});

test('what a code block holds is its code, character by character', () => {
  const code = 'def f(x):\n\n\t"""a\n\n  b"""\n    return x  # c\n';
  assert.equal(drawn('```py\n' + code + '```').querySelector('pre > code')?.textContent, code.replace(/\n$/, ''));
});
