/**
 * From the parser's tokens to trees of our own. Enters: Markdown. Leaves: its top-level blocks.
 */
import type { Token } from 'markdown-it';

import { CodeBlocks } from './code';
import { asSource, formula } from './formula';
import { close, inline, task, type IOpen } from './inline';
import { tokenize } from './markdown';
import { element, type IBlock, type Tree } from './tree';

export class Converter {
  /**
   * @param markdown the text, or its end.
   * @param from where this begins in the whole text.
   * @param growing more may come behind it.
   */
  parse(markdown: string, from: number, growing: boolean): { blocks: IBlock[]; defines: boolean } {
    const { tokens, defines } = tokenize(markdown);
    const starts = lineStarts(markdown);
    const places = (token: Token): number => from + (starts[token.map?.[0] ?? 0] ?? 0);
    const isOpen = (token: Token): boolean =>
      growing && !markdown.slice(starts[token.map?.[1] ?? 0] ?? markdown.length).trim() && !isClosed(token, markdown, starts);
    return { blocks: this._nest(tokens, places, isOpen), defines };
  }

  private _nest(tokens: readonly Token[], placeOf: (token: Token) => number, isOpen: (token: Token) => boolean): IBlock[] {
    const done: IBlock[] = [];
    const open: IOpen[] = [];
    const add = (trees: Tree[], start: number): void => {
      const parent = open.at(-1);
      if (parent) {
        parent.children.push(...trees);
      } else {
        done.push(...trees.map(tree => ({ start, tree })));
      }
    };
    for (const token of tokens) {
      if (token.nesting > 0) {
        open.push({ token, start: placeOf(token), children: [] });
      } else if (token.nesting < 0) {
        const last = open.pop();
        if (last) {
          add(close(last), last.start);
        }
      } else {
        add(this._leaf(token, placeOf, isOpen, open), placeOf(token));
      }
    }
    return done;
  }

  private _leaf(token: Token, placeOf: (token: Token) => number, isOpen: (token: Token) => boolean, parents: readonly IOpen[]): Tree[] {
    switch (token.type) {
      case 'inline':
        return task(inline(token.children ?? []), parents);
      case 'fence':
        return [this._codes.tree(token.content.replace(/\n$/, ''), token.info, placeOf(token), isOpen(token))];
      case 'code_block':
        return [this._codes.tree(token.content.replace(/\n$/, ''), '', placeOf(token), isOpen(token))];
      case 'math':
        return [token.info === 'open' ? asSource(token.content, true) : formula(token.content, true)];
      case 'hr':
        return [element('hr', [])];
      default:
        return token.content ? [token.content] : [];
    }
  }

  private readonly _codes = new CodeBlocks();
}

/** Whether a code block's closing fence has come. */
function isClosed(token: Token, markdown: string, starts: readonly number[]): boolean {
  const [first, end] = token.map ?? [0, 0];
  const last = markdown.slice(starts[end - 1] ?? 0, starts[end]).trim();
  return token.type === 'fence' && end - 1 > first && last.endsWith(token.markup) && /^[\s>]*([`~])\1*$/.test(last);
}

/** Where each line begins, and one entry more for the text's end. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return [...starts, text.length];
}
