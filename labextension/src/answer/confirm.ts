/**
 * Asks the user whether a call may be made. Enters: the calls of an answer. Leaves: a click that was meant, as allowed or not.
 *
 * One call at a time. All of what is to be allowed is shown. Nothing is pressed for the user: not by a script, not by a click or
 * a key that was under way before the buttons stood where they stand.
 */
import { button, make } from './dom';
import { partsOf, plainly } from './plainly';
import type { IUse } from './uses';

/** Presses this soon after the buttons appeared, or moved, were meant for something else. In milliseconds. */
export const MEANT_AFTER = 400;

export class Confirm {
  readonly node = make('div', 'askance-confirm');

  /**
   * @param _answer told what the user wants.
   * @param _isHeard whether a front end will take the answer to the kernel while the cell runs.
   * @param _leave takes the keyboard when a question goes that had it and no other follows.
   */
  constructor(
    private readonly _answer: (id: string, allowed: boolean) => void,
    private readonly _isHeard: () => boolean,
    private readonly _leave: (id: string) => void
  ) {
    this.node.hidden = true;
    this.node.addEventListener('keydown', event => this._onKeydown(event));
  }

  draw(uses: readonly IUse[]): void {
    const asking = uses.find(({ id, state }) => state === 'asking' && !this._answered.has(id));
    // A new line above moves the buttons.
    const place = asking ? `${uses.length} ${asking.arguments}` : '';
    if (asking?.id === this._id && place === this._place) {
      return;
    }
    this._since = performance.now();
    this._place = place;
    if (asking?.id !== this._id || !asking) {
      this._show(asking ?? null);
    }
  }

  private _show(asking: IUse | null): void {
    const before = this._id;
    const hadFocus = this.node.contains(document.activeElement);
    this._id = asking?.id;
    this.node.hidden = asking === null;
    // Made anew each time: who still holds a key on the last question's button does not press this one's.
    const box = asking ? this._question(asking) : null;
    this.node.replaceChildren(...(box ? [box] : []));
    if (hadFocus && box) {
      box.querySelector('pre')?.focus({ preventScroll: true });
    } else if (hadFocus && before !== undefined) {
      this._leave(before);
    }
  }

  private _question(use: IUse): HTMLElement {
    const parts = partsOf(use.arguments).flatMap(({ name, value }) => shown(name, value));
    const title = make('div', 'askance-confirm-title', 'May ', make('code', '', plainly(use.name)), ' do this?');
    const buttons = make('div', 'askance-confirm-buttons', ...(this._isHeard() ? this._buttons(use) : ['Answer where the notebook asks for input. Where it does not, stop, and ask again with --allow.']));
    const box = make('div', 'askance-confirm-box', title, ...parts, buttons);
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', `May ${use.name} do this?`);
    return box;
  }

  private _buttons({ id, name }: IUse): HTMLElement[] {
    const allow = button('Allow', `let ${name} do this, this once`, event => this._press(event, id, true));
    const refuse = button('Refuse', `do not let ${name} do this; the model is told so`, event => this._press(event, id, false));
    allow.classList.add('askance-confirm-allow');
    return [allow, refuse];
  }

  /** A click or a key of the user, who had time to see what it is about; the second half of a double click is none. */
  private _press(event: MouseEvent, id: string, allowed: boolean): void {
    if (event.isTrusted && event.detail <= 1 && performance.now() - this._since >= MEANT_AFTER) {
      this._done(id, allowed);
    }
  }

  private _onKeydown(event: KeyboardEvent): void {
    // The notebook has its own use for these keys.
    event.stopPropagation();
    if (event.repeat && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
    } else if (event.key === 'Escape' && event.isTrusted && !event.repeat && this._id !== undefined && this._isHeard()) {
      this._done(this._id, false);
    }
  }

  private _done(id: string, allowed: boolean): void {
    this._answered.add(id);
    this._answer(id, allowed);
  }

  private readonly _answered = new Set<string>();
  private _id: string | undefined;
  private _place = '';
  private _since = 0;
}

/** An argument, whole. */
function shown(name: string, value: string): HTMLElement[] {
  const text = make('pre', 'askance-confirm-text', value);
  const lines = value.split('\n').length;
  text.tabIndex = 0;
  text.setAttribute('aria-label', name || 'Arguments');
  return [make('div', 'askance-confirm-name', `${name || 'arguments'}${lines > 1 ? ` (${lines} lines)` : ''}`), text];
}
