/**
 * From tokens that nest to trees: what stands in a line, and the elements that contain it.
 */
import type { Token } from 'markdown-it';

import { formula } from './formula';
import { image, link } from './links';
import { element, named, type Tree } from './tree';

const CONTAINERS: Readonly<Record<string, string>> = {
  blockquote: 'blockquote', bullet_list: 'ul', em: 'em', list_item: 'li', ordered_list: 'ol', paragraph: 'p', s: 'del',
  strong: 'strong', table: 'table', tbody: 'tbody', td: 'td', th: 'th', thead: 'thead', tr: 'tr'
};

/** An element whose end has not been seen yet. */
export interface IOpen {
  token: Token;
  start: number;
  children: Tree[];
}

/** The trees of what stands in a line. */
export function inline(tokens: readonly Token[]): Tree[] {
  const root: Tree[] = [];
  const open: IOpen[] = [];
  const add = (trees: readonly Tree[]): void => void (open.at(-1)?.children ?? root).push(...trees);
  for (const token of tokens) {
    if (token.nesting > 0) {
      open.push({ token, start: 0, children: [] });
    } else if (token.nesting < 0) {
      const last = open.pop();
      add(last ? close(last) : []);
    } else {
      add(inlineLeaf(token));
    }
  }
  return joined(root);
}

function inlineLeaf(token: Token): Tree[] {
  switch (token.type) {
    case 'code_inline':
      return [element('code', [token.content])];
    case 'softbreak':
      return ['\n'];
    case 'hardbreak':
      return [element('br', [])];
    case 'image':
      return [image(String(token.attrGet('src') ?? ''))];
    case 'math':
      return [formula(token.content, token.info === 'display')];
    case 'footnote_reference':
      return [element('sup', [`[${token.content}]`])];
    default:
      return token.content ? [token.content] : [];
  }
}

/** The trees of an element that ends here. */
export function close({ token, children }: IOpen): Tree[] {
  const kind = token.type.replace(/_open$/, '');
  if (token.hidden) {
    return joined(children);
  }
  if (kind === 'link') {
    return link(String(token.attrGet('href') ?? ''), joined(children));
  }
  const tag = kind === 'heading' && /^h[1-6]$/.test(token.tag) ? token.tag : (CONTAINERS[kind] ?? 'span');
  return [element(tag, joined(children), attributes(kind, token))];
}

function attributes(kind: string, token: Token): Record<string, string> {
  if (kind === 'ordered_list') {
    return named('start', String(token.attrGet('start') ?? ''));
  }
  const align = /^text-align:(center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
  return named('class', align ? `askance-answer-${align}` : '');
}

/** A task's box, in place of its "[ ]". */
export function task(children: Tree[], parents: readonly IOpen[]): Tree[] {
  const [paragraph, item] = [parents.at(-1), parents.at(-2)];
  const first = children[0];
  const box = typeof first === 'string' ? /^\[([ xX])\]\s/.exec(first) : null;
  if (!box || typeof first !== 'string' || paragraph?.token.type !== 'paragraph_open' || item?.token.type !== 'list_item_open' || item.children.length > 0) {
    return children;
  }
  return [(box[1] === ' ' ? '☐ ' : '☑ ') + first.slice(box[0].length), ...children.slice(1)];
}

/** With neighbouring strings made one, so that a text has one shape whatever tokens it came in. */
function joined(trees: readonly Tree[]): Tree[] {
  const out: Tree[] = [];
  for (const tree of trees) {
    const last = out.at(-1);
    if (typeof tree === 'string' && typeof last === 'string') {
      out[out.length - 1] = last + tree;
    } else if (tree !== '') {
      out.push(tree);
    }
  }
  return out;
}
