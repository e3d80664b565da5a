/**
 * One view of an answer: header, body, notice, footer, buttons. Enters: the model. Leaves: DOM and two events.
 *
 * `askance:stop` and `askance:context` bubble from the view, so that a front end which knows better may take them over
 * with preventDefault(): JupyterLab serves a stop at once through a comm of its own, the widget's waits for the cell.
 */
import { Blocks } from './blocks';
import { isRunning, type IModel, type ITraits, type State } from './model';

const REDRAWN_ON: readonly (keyof ITraits)[] = ['footer', 'model_name', 'notice', 'state', 'text'];

const STATE_WORDS: Readonly<Record<State, string>> = {
  waiting: 'waiting for the model',
  streaming: 'answering',
  done: '',
  stopped: 'stopped',
  error: 'failed'
};

export class AnswerView {
  constructor(
    private readonly _model: IModel,
    private readonly _host: HTMLElement
  ) {
    this._root.setAttribute('role', 'region');
    this._root.setAttribute('aria-label', 'Answer');
    this._body.setAttribute('aria-live', 'polite');
    this._notice.setAttribute('role', 'status');
    const header = make('div', 'askance-answer-header');
    header.append(this._name, this._state, this._buttons());
    this._root.append(header, this._body, this._notice, this._footer);
    this._host.append(this._root);
    REDRAWN_ON.forEach(name => this._model.on(`change:${name}`, this._schedule));
    this._clock = window.setInterval(() => this._drawState(), 1000);
    this._draw();
  }

  dispose(): void {
    REDRAWN_ON.forEach(name => this._model.off(`change:${name}`, this._schedule));
    window.clearInterval(this._clock);
    window.cancelAnimationFrame(this._frame);
    this._root.remove();
  }

  /** However many deltas come between two frames, they are drawn once. */
  private readonly _schedule = (): void => {
    window.cancelAnimationFrame(this._frame);
    this._frame = window.requestAnimationFrame(() => this._draw());
  };

  private _draw(): void {
    const state = this._model.get('state');
    this._root.dataset.state = state;
    this._root.dataset.askId = this._model.get('ask_id');
    this._name.textContent = this._model.get('model_name');
    this._footer.textContent = this._model.get('footer');
    this._notice.textContent = this._model.get('notice') || (isRunning(state) ? this._hint : '');
    this._stop.hidden = !isRunning(state);
    this._blocks.draw(this._model.get('text'), !isRunning(state));
    this._drawState();
  }

  private _drawState(): void {
    const state = this._model.get('state');
    if (!isRunning(state)) {
      window.clearInterval(this._clock);
    }
    const seconds = Math.floor((performance.now() - this._since) / 1000);
    this._state.textContent = STATE_WORDS[state] + (isRunning(state) && seconds > 0 ? `, ${seconds} s` : '');
  }

  private _buttons(): HTMLElement {
    const buttons = make('div', 'askance-answer-buttons');
    const context = button('Context', 'Show what went along with the question', () => this._offer('askance:context'));
    const copy = button('Copy', 'Copy the answer as Markdown', () => void this._copy(copy));
    buttons.append(this._stop, context, copy);
    return buttons;
  }

  private _requestStop(): void {
    if (!this._offer('askance:stop')) {
      this._model.send({ type: 'stop' });
      this._hint = 'Stopping. If it takes long, interrupt the kernel.';
      this._draw();
    }
  }

  /** Announce an event; true if a front end took it over. */
  private _offer(type: string): boolean {
    const detail = { ask_id: this._model.get('ask_id') };
    return !this._root.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, composed: true, detail }));
  }

  private async _copy(button: HTMLButtonElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(this._model.get('text'));
      button.textContent = 'Copied';
    } catch {
      // No clipboard outside https and localhost: select the answer, so that the keyboard's copy works.
      window.getSelection()?.selectAllChildren(this._body);
      button.textContent = 'Selected';
    }
    window.setTimeout(() => (button.textContent = 'Copy'), 1500);
  }

  private readonly _root = make('div', 'askance-answer');
  private readonly _name = make('span', 'askance-answer-model');
  private readonly _state = make('span', 'askance-answer-state');
  private readonly _body = make('div', 'askance-answer-body');
  private readonly _notice = make('div', 'askance-answer-notice');
  private readonly _footer = make('div', 'askance-answer-footer');
  private readonly _stop = button('Stop', 'Stop this answer and keep what has come', () => this._requestStop());
  private readonly _blocks = new Blocks(this._body);
  private readonly _since = performance.now();
  private readonly _clock: number;
  private _frame = 0;
  private _hint = '';
}

function make(tag: string, className: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'askance-answer-button';
  node.textContent = label;
  node.title = title;
  node.addEventListener('click', onClick);
  return node;
}
