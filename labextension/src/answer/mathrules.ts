/**
 * Where formulas stand in Markdown: $..$ and \(..\) in a line, $$..$$ and \[..\] as blocks. Money is left alone.
 */
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

import { lineAt } from './footnotes';

const LONGEST = 4000;
const BLOCKS = { '$$': '$$', '\\[': '\\]' } as const;

export function math(markdown: MarkdownIt): void {
  // Before escapes, which would take "\(" for a bracket.
  markdown.inline.ruler.before('escape', 'math_inline', inline);
  markdown.block.ruler.before('fence', 'math_block', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
}

function inline(state: StateInline, silent: boolean): boolean {
  const rest = state.src.slice(state.pos, state.pos + LONGEST);
  const [open, source] = formulaAt(rest, state.src[state.pos - 1] ?? '');
  if (!open) {
    return false;
  }
  if (!silent) {
    const token = state.push('math', 'math', 0);
    token.content = source;
    token.info = open === '$$' ? 'display' : '';
  }
  state.pos += 2 * open.length + source.length;
  return true;
}

/** The opening mark of a formula at the beginning of `text`, and what is inside; two empty strings if there is none. */
function formulaAt(text: string, before: string): [string, string] {
  if (text.startsWith('\\(')) {
    const end = text.indexOf('\\)');
    return end > 2 ? ['\\(', text.slice(2, end)] : ['', ''];
  }
  if (!text.startsWith('$') || /[\w$]/.test(before)) {
    return ['', ''];
  }
  const found = /^\$\$(?!\$)([^`]+?)\$\$(?!\$)/.exec(text);
  if (found) {
    return ['$$', found[1] ?? ''];
  }
  // As in pandoc: no space inside the marks, no digit behind them; besides, "$5 and 10$" begins like an amount.
  const single = /^\$(?![\s$])((?:[^$\\`]|\\[^`])*?[^\s$\\`])\$(?![\w$])/.exec(text)?.[1];
  return single && !/^\d[\d.,]*\s+[a-z]{2}/i.test(single) ? ['$', single] : ['', ''];
}

function block(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const first = lineAt(state, start);
  const open = first.slice(0, 2);
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4 || !isOpening(open) || first[2] === '$') {
    return false;
  }
  const close = BLOCKS[open];
  const found = closingLine(state, start, end, close);
  if (found === null || silent) {
    return found !== null;
  }
  const closed = found < end;
  const next = closed ? found + 1 : end;
  const token = state.push('math', 'math', 0);
  const source = state.getLines(start, next, state.blkIndent, false).trim().slice(2);
  token.content = closed ? source.slice(0, -2) : source;
  token.info = closed ? 'display' : 'open';
  token.map = [start, next];
  state.line = next;
  return true;
}

/** The line that ends with the closing mark; `end` if the text ends before; null if this is no formula. */
function closingLine(state: StateBlock, start: number, end: number, close: string): number | null {
  for (let line = start; line < end; line += 1) {
    const text = line === start ? lineAt(state, line).slice(2) : lineAt(state, line);
    if ((line > start && (state.sCount[line] ?? 0) < state.blkIndent) || (!text.trim() && line > start)) {
      return null;
    }
    const at = text.indexOf(close);
    if (at >= 0) {
      return text.slice(at + 2).trim() || (line === start && !text.slice(0, at).trim()) ? null : line;
    }
  }
  // A block inside a list or quote ends where that ends.
  return end === state.lineMax ? end : null;
}

function isOpening(mark: string): mark is keyof typeof BLOCKS {
  return mark in BLOCKS;
}
