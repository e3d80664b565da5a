/**
 * Draws Markdown into an element, touching only what changed. Enters: the text so far. Leaves: DOM nodes.
 */
import { GrowingParser } from './growing';
import type { IBlock, Tree } from './tree';

export class Blocks {
  constructor(private readonly _host: HTMLElement) {}

  /** Draw the text: leading blocks that are as before stay untouched, those from the first changed one are made anew. */
  draw(markdown: string, complete: boolean): void {
    const blocks = this._parseOrQuote(markdown, complete);
    let same = 0;
    while (same < blocks.length && blocks[same]?.source === this._drawn[same]) {
      same += 1;
    }
    while (this._host.childNodes.length > same) {
      this._host.lastChild?.remove();
    }
    for (const block of blocks.slice(same)) {
      this._host.append(create(block.tree));
    }
    this._drawn = blocks.map(block => block.source);
  }

  /** A text too deeply nested for the parser's stack is shown as it is. */
  private _parseOrQuote(markdown: string, complete: boolean): IBlock[] {
    try {
      return this._parser.parse(markdown, complete);
    } catch {
      return [{ source: markdown, start: 0, tree: { tag: 'pre', attributes: {}, children: [markdown] } }];
    }
  }

  private _drawn: string[] = [];
  private readonly _parser = new GrowingParser();
}

function create(tree: Tree): Node {
  if (typeof tree === 'string') {
    return document.createTextNode(tree);
  }
  const node = document.createElement(tree.tag);
  for (const [name, value] of Object.entries(tree.attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...tree.children.map(create));
  return node;
}
