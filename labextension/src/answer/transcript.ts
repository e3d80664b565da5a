/**
 * The text of an answer as it grows. Enters: deltas placed by code points, as Python counts. Leaves: one string.
 */

/** Stands where a delta got lost, until the final text arrives. */
export const GAP = '\n\n…\n\n';

export class Transcript {
  constructor(text = '') {
    this._text = text;
    this._length = codePoints(text);
  }

  get text(): string {
    return this._text;
  }

  /** Take the whole text, which overrules what was put together so far. */
  replace(text: string): void {
    this._text = text;
    this._length = codePoints(text);
  }

  /**
   * Append a delta that begins `start` code points into the answer.
   *
   * What is known already is skipped; what is missing is marked and corrected by the final text.
   */
  append(start: number, text: string): void {
    const end = start + codePoints(text);
    if (end <= this._length) {
      return;
    }
    if (start > this._length) {
      this._text += GAP + text;
    } else {
      this._text += [...text].slice(this._length - start).join('');
    }
    this._length = end;
  }

  private _text: string;
  /** How far into the answer `_text` reaches, in code points. */
  private _length: number;
}

function codePoints(text: string): number {
  return [...text].length;
}
