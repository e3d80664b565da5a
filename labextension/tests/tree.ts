/** What a model writes becomes only what the allow-list has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Converter } from '../src/answer/convert';
import { cellSource, isRunnable, languageOf } from '../src/answer/languages';
import { safeUrl } from '../src/answer/links';
import { textOf, type IElement, type Tree } from '../src/answer/tree';

function parse(markdown: string): Tree[] {
  return new Converter().parse(markdown, 0, false).blocks.map(block => block.tree);
}

function elements(tree: Tree): IElement[] {
  return typeof tree === 'string' ? [] : [tree, ...tree.children.flatMap(elements)];
}

function all(markdown: string, tag: string): IElement[] {
  return parse(markdown).flatMap(elements).filter(node => node.tag === tag);
}

function text(markdown: string): string {
  return parse(markdown).map(textOf).join('|');
}

test('HTML stays text; an image is its address and nothing more', () => {
  assert.equal(text('<img src=x onerror=alert(1)>'), '<img src=x onerror=alert(1)>');
  assert.equal(text('a <b onclick="x()">b</b>'), 'a <b onclick="x()">b</b>');
  assert.equal(text('![a](https://evil.example/x.png?q=secret)'), '[image: evil.example/x.png]');
  assert.equal(text('![a](plot.png)'), '[image: plot.png]');
  assert.equal(text(`![a](data:image/png;base64,${'A'.repeat(500)})`).length < 100, true);
});

test('a link says where it leads, and gives its page no hold on ours', () => {
  const [link] = all('[docs](https://example.org/a)', 'a');
  assert.deepEqual(link?.attributes, {
    href: 'https://example.org/a',
    rel: 'noopener noreferrer',
    target: '_blank',
    title: 'https://example.org/a'
  });
  assert.equal(text('[docs](https://example.org/a)'), 'docs (example.org)');
  assert.equal(text('[https://good.example](https://evil.example)'), 'https://good.example (evil.example)');
  assert.equal(text('[x](https://good.example@evil.example/)'), 'x (evil.example)');
  assert.equal(text('[me](mailto:a@b.example)'), 'me (a@b.example)');
});

test('a link whose text is its address is not told twice', () => {
  assert.equal(text('<https://example.org/> and https://example.org/b?x=1, then a@b.example'), 'https://example.org/ and https://example.org/b?x=1, then a@b.example');
  assert.equal(all('see utils.py and www.example.org and ftp://x.example', 'a').length, 0);
});

test('a host is shown as the browser reads it, whole, whatever the text looks like', () => {
  const long = `google.com.${'a'.repeat(60)}.${'b'.repeat(60)}.evil.example`;
  const places: [string, string][] = [
    ['[google.com](https://evil.example)', 'google.com (evil.example)'],
    ['[https://g\u043e\u043egle.com](https://g\u043e\u043egle.com)', 'https://g\u043e\u043egle.com (xn--ggle-55da.com)'],
    ['<https://g\u043e\u043egle.com>', 'https://g\u043e\u043egle.com (xn--ggle-55da.com)'],
    ['https://xn--ggle-55da.com/a', 'https://g\u043e\u043egle.com/a (xn--ggle-55da.com)'],
    ['[https://google.com@evil.example](https://google.com@evil.example)', 'https://google.com@evil.example (evil.example)'],
    ['[https://google.com\\@evil.example](https://google.com\\@evil.example)', 'https://google.com@evil.example (evil.example)'],
    [`[x](https://${long}/)`, `x (${long})`],
    ['[x](https://0x7f000001:8888/)', 'x (127.0.0.1:8888)'],
    ['[https://evil.example/\u202egro](https://evil.example/\u202egro)', 'https://evil.example/\u202egro (evil.example)']
  ];
  for (const [markdown, shown] of places) {
    assert.equal(text(markdown), shown);
    const [link] = all(markdown, 'a');
    assert.match(String(link?.attributes.href), /^https:\/\/[\x21-\x7e]+$/);
    assert.equal(link?.attributes.title, link?.attributes.href);
  }
});

test('a mail has an address and no headers', () => {
  for (const url of ['mailto:a@b.example?bcc=c@evil.example&body=x', 'mailto:a@b.example%0d%0aBcc:c@evil.example', 'mailto:?to=x']) {
    assert.equal(all(`[me](${url})`, 'a').length, 0);
  }
});

test('an address that may not be followed is text', () => {
  for (const url of ['javascript:x', 'file:///etc', '//a', 'https:a', 'utils.py', '#top']) {
    assert.equal(all(`[go](${url})`, 'a').length, 0);
    assert.equal(text(`[go](${url})`), `go (${url})`);
  }
  for (const url of ['javascript:x', ' https://a', 'java\nscript:x', 'file:///etc', '//a', 'https:a', '']) {
    assert.equal(safeUrl(url), null);
  }
  assert.equal(safeUrl('MAILTO:a@b.example')?.href, 'mailto:a@b.example');
});

test('tables with alignment, strikethrough, task lists and footnotes are understood', () => {
  const cells = all('|a|b|c|\n|:-|:-:|-:|\n|1|2|~~3~~|', 'td');
  assert.deepEqual(cells.map(cell => cell.attributes.class), [undefined, 'askance-answer-center', 'askance-answer-right']);
  assert.equal(all('~~c~~', 'del').length, 1);
  assert.equal(text('- [x] **d**\n- [ ] e\n- [ ]f'), '☑ d☐ e[ ]f');
  assert.equal(text('see[^1]\n\n[^1]: https://example.org'), 'see[1]|[1]: https://example.org');
  assert.equal(all('3. c', 'ol')[0]?.attributes.start, '3');
});

test('a language name keeps only letters, digits and +#-', () => {
  assert.deepEqual(['C++', 'py"onload=', '"', '{python} x', 'r,echo=F', 'py title="x"'].map(languageOf), ['c++', 'pyonload', '', '', 'r', 'py']);
});

test('only what may be a cell can be inserted, the shell with its magic', () => {
  assert.deepEqual(['', 'python', 'r', 'bash', 'json', 'text', 'diff'].map(isRunnable), [true, true, true, true, false, false, false]);
  assert.equal(cellSource('ls', 'bash'), '%%bash\nls');
  assert.equal(cellSource('x', 'python'), 'x');
});
