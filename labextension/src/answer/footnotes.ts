/**
 * Footnotes as far as they are cheap: a reference is raised, a note stays where it was written.
 */
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

const REFERENCE = /\[\^([^\s[\]]{1,32})\]/y;
const NOTE = /^\[\^[^\s[\]]{1,32}\]:/;

export function footnotes(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('link', 'footnote_reference', reference);
  // Before link definitions, which would take "[^1]: https://..." for one and show nothing.
  markdown.block.ruler.before('reference', 'footnote', note);
}

function reference(state: StateInline, silent: boolean): boolean {
  REFERENCE.lastIndex = state.pos;
  const found = REFERENCE.exec(state.src);
  if (!found) {
    return false;
  }
  if (!silent) {
    state.push('footnote_reference', 'sup', 0).content = found[1] ?? '';
  }
  state.pos += found[0].length;
  return true;
}

function note(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (!NOTE.test(lineAt(state, start))) {
    return false;
  }
  if (silent) {
    return true;
  }
  let next = start + 1;
  while (next < end && !state.isEmpty(next) && !NOTE.test(lineAt(state, next)) && (state.sCount[next] ?? 0) >= state.blkIndent) {
    next += 1;
  }
  state.push('paragraph_open', 'p', 1).map = [start, next];
  const inline = state.push('inline', '', 0);
  inline.content = state.getLines(start, next, state.blkIndent, false).trim();
  inline.map = [start, next];
  inline.children = [];
  state.push('paragraph_close', 'p', -1);
  state.line = next;
  return true;
}

/** A line's text without its indentation. */
export function lineAt(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}
