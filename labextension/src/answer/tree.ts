/**
 * Markdown to a tree of plain values. Enters: a model's Markdown. Leaves: blocks built from an allow-list of tags.
 *
 * Nothing else may become an element: raw HTML stays text, images become their address, links lead only to the web and mail.
 */
import type { Nodes, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** An element to be; `attributes` hold only what this file puts there. */
export interface IElement {
  tag: string;
  attributes: Record<string, string>;
  children: Tree[];
}

export type Tree = IElement | string;

/** A top-level block, with what alone decides how it looks: its stretch of source, and the definitions of all links. */
export interface IBlock {
  source: string;
  /** Where it begins in the text, in UTF-16 units. */
  start: number;
  tree: Tree;
}

type Definitions = ReadonlyMap<string, string>;

/** Split Markdown into its top-level blocks. A fence that is still open counts as one that reaches the end. */
export function parse(markdown: string): IBlock[] {
  const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const definitions = new Map<string, string>();
  for (const node of root.children) {
    if (node.type === 'definition' || node.type === 'footnoteDefinition') {
      definitions.set(node.identifier, node.type === 'definition' ? node.url : '');
    }
  }
  // A definition changes links elsewhere, so all blocks carry all of them.
  const shared = definitions.size > 0 ? JSON.stringify([...definitions]) : '';
  return root.children
    .filter(node => node.type !== 'definition')
    .map(node => ({
      source: shared + sourceOf(node, markdown),
      start: node.position?.start.offset ?? 0,
      tree: toTree(node, definitions)
    }));
}

/** Where a link may lead, or null if it may not. */
export function safeUrl(url: string): string | null {
  return /^(?:https?:\/\/|mailto:)[^\s]+$/i.test(url) ? url : null;
}

/** The class name of a code block's language, or "" if it names none. */
export function languageClass(language: string | null | undefined): string {
  const name = (language ?? '').toLowerCase().replace(/[^a-z0-9+#-]/g, '').slice(0, 32);
  return name && `language-${name}`;
}

const TAGS: Readonly<Record<string, string>> = {
  blockquote: 'blockquote',
  break: 'br',
  delete: 'del',
  emphasis: 'em',
  listItem: 'li',
  paragraph: 'p',
  strong: 'strong',
  thematicBreak: 'hr'
};

function toTree(node: Nodes, definitions: Definitions): Tree {
  const children = (): Tree[] => ('children' in node ? node.children.map(child => toTree(child, definitions)) : []);
  switch (node.type) {
    case 'text':
      return node.value;
    case 'html':
      return element('span', [node.value], { class: 'askance-answer-raw' });
    case 'inlineCode':
      return element('code', [node.value]);
    case 'code':
      return element('pre', [element('code', [node.value], named('class', languageClass(node.lang)))], { tabindex: '0' });
    case 'heading':
      return element(`h${node.depth}`, children());
    case 'list':
      return element(node.ordered ? 'ol' : 'ul', children(), node.ordered ? named('start', String(node.start ?? 1)) : {});
    case 'listItem':
      return element('li', [...checkbox(node.checked), ...children()]);
    case 'link':
      return link(node.url, children());
    case 'linkReference':
      return link(definitions.get(node.identifier) ?? '', children());
    case 'image':
      return `[image: ${node.url}]`;
    case 'imageReference':
      return `[image: ${definitions.get(node.identifier) ?? node.identifier}]`;
    case 'table':
      return table(node, definitions);
    case 'footnoteReference':
      return element('sup', [`[${node.identifier}]`]);
    case 'footnoteDefinition':
      return element('section', [`[${node.identifier}] `, ...children()]);
    default:
      return element(TAGS[node.type] ?? 'span', children());
  }
}

function table(node: Table, definitions: Definitions): IElement {
  const rows = node.children.map((row, index) =>
    element(
      'tr',
      row.children.map((cell, column) =>
        element(
          index === 0 ? 'th' : 'td',
          cell.children.map(child => toTree(child, definitions)),
          named('align', node.align?.[column] ?? '')
        )
      )
    )
  );
  return element('table', [element('thead', rows.slice(0, 1)), element('tbody', rows.slice(1))]);
}

function link(url: string, children: Tree[]): Tree {
  const href = safeUrl(url);
  if (href === null) {
    return element('span', children, named('title', url));
  }
  // The title shows where the link leads, whatever its text says.
  return element('a', children, { href, rel: 'noopener noreferrer', target: '_blank', title: href });
}

function checkbox(checked: boolean | null | undefined): string[] {
  return typeof checked === 'boolean' ? [checked ? '☑ ' : '☐ '] : [];
}

function element(tag: string, children: Tree[], attributes: Record<string, string> = {}): IElement {
  return { tag, attributes, children };
}

function named(name: string, value: string): Record<string, string> {
  return value ? { [name]: value } : {};
}

function sourceOf(node: RootContent, markdown: string): string {
  return markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? markdown.length);
}
