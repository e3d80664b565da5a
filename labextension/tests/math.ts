/** Formulas are found where they are meant, and money is left alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Converter } from '../src/answer/convert';
import { formula } from '../src/answer/formula';
import { textOf, type IElement, type Tree } from '../src/answer/tree';

function formulas(markdown: string): IElement[] {
  const below = (tree: Tree): IElement[] => (typeof tree === 'string' ? [] : tree.tag === 'math' ? [tree] : tree.children.flatMap(below));
  return new Converter().parse(markdown, 0, false).blocks.flatMap(block => below(block.tree));
}

test('dollars and brackets mark formulas, in lines and as blocks', () => {
  const texts = ['$x$', 'a $x_1 + y$, b', '\\(x\\)', '$$x$$', '$$\nx\n$$', '\\[\nx\n\\]', '\\[ x \\]', '- a\n\n  $$\n  x\n  $$', 'so\n$$\nx\n$$\nis', '**$x$**', '$-1$', '$5x$'];
  for (const text of texts) {
    assert.equal(formulas(text).length, 1, text);
  }
  assert.equal(formulas('$$x$$')[0]?.attributes.display, 'block');
  assert.equal(formulas('$x$')[0]?.attributes.display, undefined);
});

test('amounts, variables of a shell and code are no formulas', () => {
  const texts = [
    '$5 and $10', 'costs $5, or ($10)', '$5-$10', '$5 to 10$', 'US$5 and US$6', '$HOME and $PATH', '$HOME:$PATH', '`$x$`', 'a\\$x$ b',
    '```\n$x$\n```', '$ x $', 'df$a$b', '$$', '$$\n\nx\n$$', '\\[1\\] a note', '$1,000 and **$2,000**', 'from $3M to $4M'
  ];
  for (const text of texts) {
    assert.equal(formulas(text).length, 0, text);
  }
});

test('a formula that cannot be set shows its source', () => {
  for (const source of ['\\frac{1', '\\nonsense{x}', '\\includegraphics{https://x.example/a}', '\\def\\a{\\a\\a}\\a', 'x'.repeat(5000), `${'{'.repeat(4000)}`]) {
    const tree = formula(source, false);
    assert.equal(textOf(tree), source);
    assert.equal(typeof tree === 'string' ? '' : tree.tag, 'span');
  }
});

test('a formula that is still open shows its source until it closes', () => {
  const [block] = new Converter().parse('$$\n\\frac{1}{2', 0, true).blocks;
  assert.equal(textOf(block?.tree ?? ''), '\\frac{1}{2');
  assert.equal(formulas('$$\n\\frac{1}{2}\n$$').length, 1);
});

test('a size beyond all pages is limited', () => {
  const widths = JSON.stringify(formula('\\rule{1e6em}{1e6em}', true)).match(/[\d.]+(?=em)/g) ?? [];
  assert.ok(widths.length > 0 && widths.every(width => Number(width) <= 50), String(widths));
});
