/**
 * One view of an answer: header, body, notice, footer, buttons. Enters: the model. Leaves: DOM and events.
 *
 * `askance:stop`, `:retry`, `:context`, `:insert`, `:pace`, `:allow` and `:explain` bubble from the view, so that a front end
 * which knows better may take them over with preventDefault(); what nobody takes over goes to the kernel.
 */
import { listen, type IInsertion } from './actions';
import { Blocks } from './blocks';
import { Confirm } from './confirm';
import { button, copy, flash, make, say } from './dom';
import { Explanations } from './explanations';
import { onKeydown } from './keyboard';
import { isRunning, type IModel, type ITraits, type State } from './model';
import { Pace } from './pace';
import { Tools } from './tools';
import { doing, usesOf } from './uses';
import { warmUp } from './warm';
import { ending, STATE_WORDS } from './words';

const REDRAWN_ON: readonly (keyof ITraits)[] = ['ask_id', 'cached', 'footer', 'model_name', 'notice', 'stale', 'state', 'text', 'tools'];

export class AnswerView {
  /**
   * @param _model live or static; the view follows it until it is disposed.
   * @param host where the view is put, at the end.
   */
  constructor(
    private readonly _model: IModel,
    host: HTMLElement
  ) {
    this._build();
    listen(
      this._body,
      (insertion, from) => this._insert(insertion, from),
      (block, code, language) => this._explanations.want(block, code, language)
    );
    host.append(this._root);
    this._draw();
    this._announced = isRunning(this._model.get('state'));
    if (this._announced) {
      warmUp();
    }
    REDRAWN_ON.forEach(name => this._model.on(`change:${name}`, this._schedule));
  }

  dispose(): void {
    REDRAWN_ON.forEach(name => this._model.off(`change:${name}`, this._schedule));
    this._stopClock();
    this._pace.dispose();
    this._explanations.dispose();
    this._root.remove();
  }

  private _build(): void {
    this._root.setAttribute('role', 'region');
    this._status.setAttribute('role', 'status');
    this._buttons.setAttribute('role', 'toolbar');
    this._buttons.setAttribute('aria-label', 'Answer');
    this._root.addEventListener('keydown', onKeydown);
    const header = make('div', 'askance-answer-header', this._name, this._cached, this._state, this._buttons);
    this._banner.append(this._stale, button('Ask again', 'Ask the same question of the notebook as it is now', () => this._retry()));
    this._root.append(header, this._banner, this._tools.node, this._confirm.node, this._body, this._notice, this._footer, this._status);
  }

  private readonly _schedule = (): void => this._pace.schedule();

  private _draw(): void {
    const get = <K extends keyof ITraits>(name: K): ITraits[K] | '' => this._model.get(name) ?? '';
    const state = this._model.get('state');
    const running = isRunning(state);
    this._root.dataset.state = state;
    this._root.dataset.askId = get('ask_id');
    this._root.setAttribute('aria-label', `Answer${get('model_name') ? ` by ${get('model_name')}` : ''}`);
    this._body.setAttribute('aria-busy', String(running));
    say(this._name, get('model_name'));
    say(this._footer, get('footer'));
    say(this._cached, get('cached') && (get('cached') === 'pack' ? 'recorded' : `cached: ${get('cached')}`));
    say(this._stale, get('stale') && `stale: ${get('stale')}`);
    const uses = usesOf(this._model.get('tools'));
    const waits = running && uses.some(use => use.state === 'asking') ? 'The model waits for you: allow or refuse its call, above.' : '';
    say(this._notice, get('notice') || waits || this._hint);
    this._banner.hidden = !get('stale');
    this._stop.hidden = !running;
    this._again.hidden = running;
    this._tools.draw(uses);
    this._confirm.draw(running ? uses : []);
    this._blocks.draw(get('text'), running);
    this._explanations.draw();
    this._drawState(state);
  }

  private _drawState(state: State): void {
    const seconds = Math.floor((performance.now() - this._since) / 1000);
    const running = isRunning(state);
    const calls = running ? doing(usesOf(this._model.get('tools'))) : '';
    say(this._state, (calls || STATE_WORDS[state]) + (running && seconds > 0 ? `, ${seconds} s` : ''));
    if (running) {
      this._tools.tick();
      this._clock ||= window.setInterval(() => this._drawState(this._model.get('state')), 1000);
      say(this._status, calls || 'answering');
      this._announced = true;
    } else {
      this._stopClock();
      // An answer that was complete from the start has nothing to report.
      say(this._status, this._announced ? ending(state, this._model.get('notice')) : '');
    }
  }

  private _stopClock(): void {
    window.clearInterval(this._clock);
    this._clock = 0;
  }

  private _requestStop(): void {
    if (!this._offer('askance:stop')) {
      this._model.send({ type: 'stop' });
      this._tell('Stopping. If it takes long, interrupt the kernel.');
    }
  }

  private _retry(): void {
    if (!this._offer('askance:retry')) {
      this._model.send({ type: 'retry' });
      this._tell('Run the cell again: it will ask anew.');
    }
  }

  private _showContext(): void {
    if (!this._offer('askance:context')) {
      this._tell('Run %ctx in a cell to see what went along with the question.');
    }
  }

  private _insert(insertion: IInsertion, from: HTMLElement): void {
    if (this._offer('askance:insert', { ...insertion })) {
      return;
    }
    // The kernel alone cannot run a cell for us, so what is asked here is whether to insert.
    if (!insertion.run || window.confirm('Insert this code as the next cell? Read it, then run it yourself.')) {
      this._model.send({ type: 'insert', code: insertion.code });
      flash(from, 'Sent');
    }
  }

  private _allow(call: string, allowed: boolean): void {
    if (!this._offer('askance:allow', { call, allowed })) {
      this._tell('Nobody here can tell the kernel. Stop, and ask with --allow.');
    }
    this._schedule();
  }

  /** Announce an event; true if a front end took it over. */
  private _offer(type: string, more: object = {}): boolean {
    const detail = { ask_id: this._model.get('ask_id'), ...more };
    return !this._root.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, composed: true, detail }));
  }

  private _tell(hint: string): void {
    this._hint = hint;
    this._schedule();
  }

  private readonly _root = make('div', 'askance-answer');
  private readonly _name = make('span', 'askance-answer-model');
  private readonly _cached = make('span', 'askance-answer-badge');
  private readonly _state = make('span', 'askance-answer-state');
  private readonly _banner = make('div', 'askance-answer-banner');
  private readonly _stale = make('span', 'askance-answer-stale');
  private readonly _body = make('div', 'askance-answer-body');
  private readonly _notice = make('div', 'askance-answer-notice');
  private readonly _footer = make('div', 'askance-answer-footer');
  private readonly _status = make('span', 'askance-answer-status');
  private readonly _stop = button('Stop', 'stop this answer and keep what has come', () => this._requestStop());
  private readonly _again = button('Retry', 'ask the same question again', () => this._retry());
  private readonly _context = button('Context', 'show what went along with the question', () => this._showContext());
  private readonly _copy = button('Copy', 'copy the answer as Markdown', () => void copy(this._model.get('text'), this._body, this._copy));
  private readonly _buttons = make('div', 'askance-answer-buttons', this._stop, this._again, this._context, this._copy);
  private readonly _blocks = new Blocks(this._body);
  private readonly _tools = new Tools();
  private readonly _confirm = new Confirm(
    (call, allowed) => this._allow(call, allowed),
    () => this._offer('askance:ready'),
    call => this._tools.focus(call)
  );
  private readonly _pace = new Pace(() => this._draw(), interval => void this._offer('askance:pace', { interval }));
  private readonly _explanations = new Explanations(
    this._body,
    () => this._model.get('ask_id'),
    explaining => this._offer('askance:explain', { code: explaining.code, language: explaining.language, tell: explaining.tell, signal: explaining.signal }),
    this._pace
  );
  private readonly _since = performance.now();
  private _announced = false;
  private _clock = 0;
  private _hint = '';
}
