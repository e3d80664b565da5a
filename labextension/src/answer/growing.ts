/**
 * Parses a text that grows at its end. Enters: the whole text each time. Leaves: its blocks, only the last ones parsed anew.
 *
 * In CommonMark only the last top-level block is still open; those before it stay as they are, unless a definition changes
 * their links. Blocks that stay are the same objects as before.
 */
import { Converter } from './convert';
import { settled } from './settle';
import type { IBlock } from './tree';

export class GrowingParser {
  /**
   * @param markdown the whole text so far.
   * @param growing more may come; else all of it is parsed once more, as a whole.
   */
  parse(markdown: string, growing: boolean): readonly IBlock[] {
    const goesOn = growing && !this._defines && markdown.startsWith(this._before);
    const from = goesOn ? this._before.length : 0;
    const { blocks, defines } = this._converter.parse(markdown.slice(from), from, growing);
    if (defines && from > 0) {
      this._defines = true;
      return this.parse(markdown, growing);
    }
    const last = blocks.at(-1)?.start ?? from;
    const finished = [...(goesOn ? this._finished : []), ...blocks.filter(block => block.start < last)];
    this._defines = defines;
    this._finished = finished;
    this._before = markdown.slice(0, last);
    return [...finished, ...(growing ? this._unfinished(markdown.slice(last), last) : null) ?? blocks.filter(block => block.start >= last)];
  }

  /** The last block as it is best read meanwhile, or null if it is fine as it stands. */
  private _unfinished(text: string, start: number): IBlock[] | null {
    const readable = settled(text);
    return readable === text ? null : this._converter.parse(readable, start, true).blocks;
  }

  private readonly _converter = new Converter();
  private _defines = false;
  private _finished: readonly IBlock[] = [];
  /** The text of the finished blocks. */
  private _before = '';
}
