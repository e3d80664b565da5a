/**
 * Shows what was said about the code blocks of one answer, each below its block. Enters: the answer's body, and clicks. Leaves:
 * DOM nodes, made as those of an answer are.
 */
import { Blocks } from './blocks';
import { PLACE } from './code';
import { button, make, say } from './dom';
import { Explanation, type IExplaining } from './explanation';
import type { Pace } from './pace';

const WORDS = { waiting: 'explaining…', streaming: 'explaining…', done: '', stopped: 'stopped', error: 'failed' };

/** One that is shown. */
interface IShown {
  explanation: Explanation;
  draw: () => void;
  end: () => void;
}

export class Explanations {
  /**
   * @param _body the answer's.
   * @param _answer gives the answer's id.
   * @param _ask has code explained; false if nobody can.
   * @param _pace says when to draw.
   */
  constructor(
    private readonly _body: HTMLElement,
    private readonly _answer: () => string,
    private readonly _ask: (explaining: IExplaining) => boolean,
    private readonly _pace: Pick<Pace, 'schedule'>
  ) {}

  /** Someone wants to know what a block of code does. */
  want(block: Element, code: string, language: string): void {
    const known = Explanation.of(this._answer(), code);
    if (!known || known.now.state === 'stopped' || known.now.state === 'error') {
      const explanation = Explanation.begin(this._answer(), code, language);
      if (!this._ask(explanation)) {
        explanation.tell({ state: 'error', text: '', notice: 'Nobody here can ask for it. Ask in a cell: %%ask, and the code.' });
      }
    }
    this.draw();
    placeOf(block)?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  }

  /** Show what there is, wherever its block is now. */
  draw(): void {
    for (const block of this._body.querySelectorAll('.askance-code')) {
      const place = placeOf(block);
      const explanation = place && !block.parentElement?.closest(`.${PLACE}`) ? Explanation.of(this._answer(), codeOf(block)) : undefined;
      const shown = place && this._shown.get(place);
      if (place && shown?.explanation !== explanation) {
        shown?.end();
        place.replaceChildren();
        this._shown.delete(place);
        if (explanation) {
          this._shown.set(place, this._show(explanation, place));
        }
      }
    }
    for (const [place, { draw, end }] of this._shown) {
      if (this._body.contains(place)) {
        draw();
      } else {
        end();
        this._shown.delete(place);
      }
    }
  }

  dispose(): void {
    this._shown.forEach(({ end }) => end());
    this._shown.clear();
  }

  private _show(explanation: Explanation, place: Element): IShown {
    const [status, notice, text] = [make('span', 'askance-explanation-state'), make('div', 'askance-answer-footer'), make('div', 'askance-answer-body')];
    const stop = button('Stop', 'stop this explanation and keep what has come', () => explanation.stop());
    const close = button('Close', 'take this explanation away', () => this._close(explanation, place));
    const buttons = make('div', 'askance-answer-buttons', stop, close);
    const blocks = new Blocks(text);
    status.setAttribute('role', 'status');
    buttons.setAttribute('role', 'toolbar');
    buttons.setAttribute('aria-label', 'Explanation');
    const box = make('div', 'askance-explanation-box', make('div', 'askance-explanation-bar', make('span', 'askance-explanation-title', 'Explanation'), status, buttons), text, notice);
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', 'Explanation of the code above');
    place.append(box);
    const draw = (): void => {
      const { state, text: said, notice: how } = explanation.now;
      const open = explanation.isOpen;
      if (!open && stop.contains(document.activeElement)) {
        close.focus({ preventScroll: true });
      }
      stop.hidden = !open;
      box.dataset.state = state;
      text.setAttribute('aria-busy', String(open));
      say(status, WORDS[state]);
      say(notice, how);
      blocks.draw(said, open);
    };
    return { explanation, draw, end: explanation.follow(() => this._pace.schedule()) };
  }

  private _close(explanation: Explanation, place: Element): void {
    Explanation.forget(this._answer(), explanation.code);
    this.draw();
    place.parentElement?.querySelector<HTMLElement>('.askance-code-explain')?.focus({ preventScroll: true });
  }

  private readonly _shown = new Map<Element, IShown>();
}

function placeOf(block: Element): Element | null {
  return block.querySelector(`:scope > .${PLACE}`);
}

function codeOf(block: Element): string {
  return block.querySelector(':scope > pre > code')?.textContent ?? '';
}
