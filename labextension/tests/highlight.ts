/** Code is coloured line by line, and lines that are known are not read again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Highlighter } from '../src/answer/highlight';
import { parserOf } from '../src/answer/languages';
import { textOf, type Tree } from '../src/answer/tree';

function coloured(language: string, code: string): [string, string][] {
  return new Highlighter(language)
    .lines(code)
    .flatMap(line => line.children)
    .filter((tree): tree is Exclude<Tree, string> => typeof tree !== 'string')
    .map(tree => [tree.attributes.class?.replace('askance-code-', '') ?? '', textOf(tree)]);
}

test('words, strings, numbers and comments have their colours', () => {
  assert.deepEqual(coloured('python', 'def f(x):\n  return "a" + 1  # c'), [
    ['keyword', 'def'],
    ['def', 'f'],
    ['keyword', 'return'],
    ['string', '"a"'],
    ['operator', '+'],
    ['number', '1'],
    ['comment', '# c']
  ]);
  assert.ok(coloured('sql', 'SELECT 1 FROM t').some(([colour, text]) => colour === 'keyword' && text === 'SELECT'));
  assert.deepEqual(coloured('diff', '-a\n+b').map(([colour]) => colour), ['deleted', 'inserted']);
});

test('a string over many lines is one while it grows', () => {
  const highlighter = new Highlighter('py');
  let code = '';
  for (const piece of ['x = """', 'a\n', 'b', '\nc', '"""\ny', ' = 1\n']) {
    code += piece;
    assert.deepEqual(highlighter.lines(code), new Highlighter('py').lines(code));
  }
});

test('lines before the first change are the very same objects', () => {
  const highlighter = new Highlighter('py');
  const before = highlighter.lines('a = 1\nb = 2\nc');
  const after = highlighter.lines('a = 1\nb = 2\nc = 3\nd');
  assert.deepEqual(after.map((line, index) => line === before[index]), [true, true, false, false]);
});

test('the lines together are the code, in every language, of any code', () => {
  const code = 'def x\n\n\t"""un\'closed /* <!-- \\\n${a} #{b} %q{ `c` -- ; @d $e 😀\n=begin\n{"k": [1, null]}\n- y: |\n  z\n\n';
  for (const language of ['', 'python', 'cython', 'r', 'julia', 'bash', 'sql', 'js', 'ts', 'json', 'yaml', 'toml', 'diff', 'cobol']) {
    const highlighter = new Highlighter(language);
    for (let end = 0; end <= code.length; end += 1) {
      assert.equal(highlighter.lines(code.slice(0, end)).map(textOf).join(''), code.slice(0, end), language);
    }
  }
  assert.equal(parserOf('constructor'), null);
});

test('what is huge stays plain: beyond 3,000 lines, and lines beyond 1,000 characters', () => {
  const lines = new Highlighter('py').lines('x = 1\n'.repeat(3005));
  assert.equal(lines[2999]?.children.length === 1, false);
  assert.deepEqual(lines[3000]?.children, ['x = 1\n']);
  assert.deepEqual(coloured('py', `x = "${'a'.repeat(1000)}"`), []);
});
