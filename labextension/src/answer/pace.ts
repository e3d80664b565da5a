/**
 * Draws as often as the page can bear. Enters: calls that say something changed. Leaves: draws, at most one per frame, each
 * followed by a rest three times as long as the frame took; and the interval the page keeps up with, whenever it changes.
 */
const REST = 3;
const FASTEST = 33;
const SLOWEST = 1000;
/** How much of what was known a new measurement leaves: single slow frames are not the page's pace. */
const KEPT = 0.85;
/** The pace is told at most this often, in milliseconds. */
const TELL_EVERY = 1000;
const MEASURE = 'askance:draw';
/** So many measurements are kept for those who read them. */
const MEASURED = 5000;

let measured = 0;

export class Pace {
  /**
   * @param _draw draws what there is now.
   * @param _tell told the milliseconds between draws, when they have changed by more than a third.
   */
  constructor(
    private readonly _draw: () => void,
    private readonly _tell: (interval: number) => void
  ) {}

  /** However often this is called before the next frame, that draws once. */
  schedule(): void {
    if (this._waiting || this._frame || this._disposed) {
      return;
    }
    const rest = this._restUntil - performance.now();
    if (rest > 0) {
      this._waiting = window.setTimeout(() => this._request(), rest);
    } else {
      this._request();
    }
  }

  dispose(): void {
    this._disposed = true;
    window.clearTimeout(this._waiting);
    window.cancelAnimationFrame(this._frame);
  }

  private _request(): void {
    this._waiting = 0;
    this._frame = window.requestAnimationFrame(() => this._onFrame());
  }

  private _onFrame(): void {
    this._frame = 0;
    const start = performance.now();
    this._draw();
    const end = performance.now();
    measure(start, end);
    this._restUntil = end + REST * (end - start);
    // The page is laid out and painted behind this; a task queued now runs after it.
    window.setTimeout(() => this._account(start), 0);
  }

  private _account(start: number): void {
    if (this._disposed || document.hidden) {
      return;
    }
    const cost = Math.min(performance.now() - start, SLOWEST);
    this._cost = KEPT * this._cost + (1 - KEPT) * cost;
    this._restUntil = Math.max(this._restUntil, start + (1 + REST) * Math.min(cost, SLOWEST / (1 + REST)));
    const interval = Math.round(Math.min(Math.max((1 + REST) * this._cost, FASTEST), SLOWEST));
    const isNews = Math.abs(interval - this._told) > this._told / 3;
    if (isNews && performance.now() - this._toldAt >= TELL_EVERY) {
      this._told = interval;
      this._toldAt = performance.now();
      this._tell(interval);
    }
  }

  private _cost = FASTEST / (1 + REST);
  private _disposed = false;
  private _frame = 0;
  private _restUntil = 0;
  private _told = FASTEST;
  private _toldAt = -TELL_EVERY;
  private _waiting = 0;
}

/** Leave a mark in the page's own timeline, without filling it for ever. */
function measure(start: number, end: number): void {
  measured += 1;
  if (measured % MEASURED === 0) {
    performance.clearMeasures(MEASURE);
  }
  performance.measure(MEASURE, { start, end });
}
