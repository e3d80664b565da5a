/**
 * Keeps the keyboard's place when a streaming answer gives way to its final form. Enters: the page's focus events. Leaves:
 * focus on the control of the final form that stands where the focused one stood.
 */
const ANSWER = '.askance-answer';
const CONTROLS = 'button, a[href], summary, [tabindex]';

export class FocusKeeper {
  constructor() {
    document.addEventListener('focusin', ({ target }) => this._note(target));
  }

  /** Give the focus to an answer that has just been drawn, if it was in its streaming form and nobody has it now. */
  restore(host: HTMLElement, id: string): void {
    const free = document.activeElement === null || document.activeElement === document.body;
    if (id && this._last?.id === id && free) {
      const place = controlsOf(host)[this._last.index];
      // Where Stop was is Retry now, which a second press must not reach: the last of these buttons does no harm.
      const others = [...(place?.closest('[role="toolbar"]')?.querySelectorAll<HTMLElement>('button') ?? [])];
      (place && isSeen(place) ? place : others.filter(isSeen).at(-1))?.focus({ preventScroll: true });
    }
  }

  private _note(target: EventTarget | null): void {
    const answer = target instanceof HTMLElement ? target.closest<HTMLElement>(ANSWER) : null;
    const index = answer ? controlsOf(answer).indexOf(target as HTMLElement) : -1;
    this._last = answer && index >= 0 ? { id: answer.dataset.askId ?? '', index } : null;
  }

  private _last: { id: string; index: number } | null = null;
}

function controlsOf(node: HTMLElement): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>(CONTROLS)];
}

function isSeen(control: HTMLElement): boolean {
  return control.offsetParent !== null;
}
