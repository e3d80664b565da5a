/**
 * Parses a text that grows at its end. Enters: the whole text each time. Leaves: its blocks, only the last ones parsed anew.
 *
 * In CommonMark only the last top-level block is still open; those before it stay as they are, unless a definition changes
 * their links. A text of 35,000 characters takes 0.2 s to parse: too long to do ten times a second.
 */
import { parse, type IBlock } from './tree';

const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;

export class GrowingParser {
  /**
   * @param markdown the whole text so far.
   * @param whole parse all of it, as is right once it is complete.
   */
  parse(markdown: string, whole: boolean): IBlock[] {
    const last = this._blocks.at(-1);
    if (whole || !last || !markdown.startsWith(this._markdown) || DEFINITION.test(markdown)) {
      this._blocks = parse(markdown);
    } else {
      const from = markdown.lastIndexOf('\n', last.start - 1) + 1;
      const tail = parse(markdown.slice(from)).map(block => ({ ...block, start: block.start + from }));
      this._blocks = [...this._blocks.slice(0, -1), ...tail];
    }
    this._markdown = markdown;
    return this._blocks;
  }

  private _blocks: IBlock[] = [];
  private _markdown = '';
}
