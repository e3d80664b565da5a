/** Nothing a model writes becomes an element or an attribute that is not ours, at any moment of its growth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { elementsOf } from './page';
import { Blocks } from '../src/answer/blocks';
import { create } from '../src/answer/patch';
import { HOSTILE } from './texts';

const MATH = 'http://www.w3.org/1998/Math/MathML';
const HTML_TAGS = /^(?:a|blockquote|br|button|code|del|div|em|h[1-6]|hr|li|ol|p|pre|span|strong|sup|table|tbody|td|th|thead|tr|ul)$/;
const MATH_TAGS = /^(?:math|m(?:i|n|o|s|over|under|underover|row|sup|sub|subsup|text|table|tr|td|frac|sqrt|root|space|style|padded|phantom|enclose|error)|semantics)$/;
const ATTRIBUTES = /^(?:aria-label|class|disabled|href|rel|role|start|tabindex|target|title|type)$/;
const MATH_ATTRIBUTES = /^(?:class|style|display|displaystyle|scriptlevel|stretchy|fence|form|separator|lspace|rspace|width|height|depth|voffset|math(?:variant|color|background)|(?:min|max)size|column(?:align|span)|rowspacing|linethickness|accent|movablelimits|largeop|symmetric|notation)$/;
const OUR_CLASSES = /^(?:askance-(?:answer|code)[\w-]*|language-[a-z0-9+#-]+)$/;

function check(node: Element, text: string): void {
  const math = node.namespaceURI === MATH || node.closest('math') !== null;
  const tag = node.tagName.toLowerCase();
  assert.match(tag, math ? MATH_TAGS : HTML_TAGS, text);
  for (const { name, value } of [...node.attributes]) {
    assert.match(name, math ? MATH_ATTRIBUTES : ATTRIBUTES, text);
    assert.doesNotMatch(value, /url\s*\(|expression/i, text);
    if (name === 'href') {
      assert.match(value, /^(?:https?:\/\/|mailto:)/i, text);
      assert.equal(node.getAttribute('rel'), 'noopener noreferrer');
    }
    if (name === 'class' && !math) {
      value.split(' ').forEach(one => assert.match(one, OUR_CLASSES, text));
    }
  }
}

test('64 payloads and more, whole and half-written, make no element and no attribute that is not ours', () => {
  assert.ok(HOSTILE.length >= 64, String(HOSTILE.length));
  for (const text of HOSTILE) {
    const host = document.createElement('div');
    const blocks = new Blocks(host);
    const step = Math.max(1, Math.floor(text.length / 40));
    for (let end = step; end < text.length; end += step) {
      blocks.draw(text.slice(0, end), true);
      elementsOf(host).forEach(node => check(node, text.slice(0, end)));
    }
    blocks.draw(text, false);
    elementsOf(host).forEach(node => check(node, text));
    assert.ok(host.querySelector('math') || (host.textContent ?? '').length > 0, text);
  }
});

test('whatever a parser returned, only what is on the list is created', () => {
  const tree = (tag: string): Element =>
    create({ tag, attributes: { class: 'x', onclick: 'x', 'data-commandlinker-command': 'x', style: 'x', src: 'x' }, children: [] }) as Element;
  for (const tag of ['script', 'img', 'iframe', 'style', 'svg', 'object']) {
    assert.equal(tree(tag).tagName.toLowerCase(), 'span');
    assert.equal(tree(tag).attributes.length, 0);
  }
  assert.deepEqual([...tree('p').attributes].map(({ name }) => name), ['class']);
  const inMath = create({ tag: 'math', attributes: {}, children: [{ tag: 'script', attributes: { href: 'javascript:x' }, children: ['x'] }] });
  assert.equal((inMath.firstChild as Element).tagName.toLowerCase(), 'mrow');
  assert.equal((inMath.firstChild as Element).attributes.length, 0);
});
