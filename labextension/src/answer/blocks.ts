/**
 * Draws Markdown into an element, touching only what changed. Enters: the text so far. Leaves: DOM nodes.
 */
import { GrowingParser } from './growing';
import { patch } from './patch';
import { element, type Tree } from './tree';

export class Blocks {
  constructor(private readonly _host: HTMLElement) {}

  /**
   * @param markdown the whole text so far.
   * @param growing whether more may come.
   */
  draw(markdown: string, growing: boolean): void {
    const trees = this._treesOf(markdown.replace(/\r\n?/g, '\n'), growing);
    patch(this._host, this._drawn, trees);
    this._drawn = trees;
  }

  /** A text that the parser fails on is shown as it is. */
  private _treesOf(markdown: string, growing: boolean): readonly Tree[] {
    try {
      return this._parser.parse(markdown, growing).map(block => block.tree);
    } catch {
      return [element('pre', [markdown], { tabindex: '0' })];
    }
  }

  private _drawn: readonly Tree[] = [];
  private readonly _parser = new GrowingParser();
}
