/**
 * What was said about a block of code. Enters: a request, and whoever can answer it. Leaves: a value that grows, kept by
 * answer and code: so the form that stays shows it, too, after the one that streams.
 */

export type ExplanationState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'error';

/** What is known of an explanation so far. */
export interface IExplained {
  state: ExplanationState;
  text: string;
  /** One line about how it came to be, or why it did not. */
  notice: string;
}

/** What a front end is asked to explain, and how it says what it got. */
export interface IExplaining {
  code: string;
  language: string;
  /** Takes what is known so far, in place of what was known before. */
  tell: (explained: IExplained) => void;
  /** Aborted when nobody wants it any more. */
  signal: AbortSignal;
}

/** Explanations that are kept, the latest. */
const MOST = 100;

const kept = new Map<string, Explanation>();

export class Explanation implements IExplaining {
  constructor(
    readonly code: string,
    readonly language: string
  ) {}

  /** The one of that code in that answer, if it was asked for. */
  static of(answer: string, code: string): Explanation | undefined {
    return kept.get(`${answer} ${code}`);
  }

  /** One that nobody has asked for yet. */
  static begin(answer: string, code: string, language: string): Explanation {
    const begun = new Explanation(code, language);
    kept.set(`${answer} ${code}`, begun);
    [...kept].slice(0, -MOST).forEach(([key, old]) => {
      old.stop();
      kept.delete(key);
    });
    return begun;
  }

  static forget(answer: string, code: string): void {
    kept.get(`${answer} ${code}`)?.stop();
    kept.delete(`${answer} ${code}`);
  }

  get now(): IExplained {
    return this._now;
  }

  get isOpen(): boolean {
    return this._now.state === 'waiting' || this._now.state === 'streaming';
  }

  get signal(): AbortSignal {
    return this._aborter.signal;
  }

  readonly tell = (explained: IExplained): void => {
    if (this.isOpen) {
      this._now = explained;
      this._followers.forEach(follow => follow());
    }
  };

  /** Whoever answers may still send what had come. */
  stop(): void {
    if (this.isOpen) {
      this._aborter.abort();
      this.tell({ ...this._now, state: 'stopped', notice: 'stopped' });
    }
  }

  /** Call `follow` when something is known; returns what ends that. */
  follow(follow: () => void): () => void {
    this._followers.add(follow);
    return () => void this._followers.delete(follow);
  }

  private readonly _aborter = new AbortController();
  private readonly _followers = new Set<() => void>();
  private _now: IExplained = { state: 'waiting', text: '', notice: '' };
}
