/**
 * What is known about askance in one notebook's kernel. Enters: the connector's messages. Leaves: one value and a signal.
 */
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IExplaining } from './answer/explanation';
import type { KernelConnector } from './connector';
import { Explainer } from './explaining';
import type { CodeToInsert, Facts, FromKernel, KernelState, Stale, WatchedAnswer } from './tokens';

export class LedgerModel implements IDisposable {
  constructor(private readonly _connector: KernelConnector) {
    this._explainer = new Explainer(_connector);
    _connector.message.connect(this._onMessage, this);
    _connector.attachedChanged.connect(this._onAttachedChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether askance is loaded in the kernel. */
  get loaded(): boolean {
    return this._connector.attached;
  }

  /** Whether the kernel hears what is sent while a cell runs. */
  get isHeard(): boolean {
    return this._connector.isHeard;
  }

  /** The kernel's last word, null if there was none yet. */
  get state(): KernelState | null {
    return this._state;
  }

  /** What changed since an answer, in words, by its id; nothing is known of others. */
  get stale(): ReadonlyMap<string, string> {
    return this._stale;
  }

  /** `stale` changed. */
  get staleChanged(): ISignal<this, void> {
    return this._staleChanged;
  }

  /** The kernel has code for a new cell. */
  get inserted(): ISignal<this, CodeToInsert> {
    return this._inserted;
  }

  /** `loaded` or `state` changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  refresh(): void {
    this._connector.send({ type: 'refresh' });
  }

  /** Tell the kernel what this side knows. */
  tell(facts: Facts): void {
    this._connector.send({ type: 'facts', ...facts });
  }

  /** Stop an ask; null for whichever runs. */
  stop(askId: string | null): Promise<void> {
    return this._connector.stop(askId);
  }

  /** Let the next ask of a cell bypass the cache. */
  retry(cell: string): Promise<void> {
    return this._connector.retry(cell);
  }

  /** Tell what the user said to a call that the model made. */
  allow(ask: string, call: string, allowed: boolean): void {
    this._connector.send({ type: 'allow', ask, call, allowed });
  }

  /** Have code explained, beside whatever the kernel does. */
  explain(explaining: IExplaining): void {
    this._explainer.explain(explaining);
  }

  /** Tell how many milliseconds this page needs between two draws. */
  pace(interval: number): void {
    this._connector.send({ type: 'pace', interval });
  }

  /** Let the kernel follow whether these answers are up to date; it is told again when it is a new one. */
  watch(answers: WatchedAnswer[]): void {
    if (JSON.stringify(answers) !== JSON.stringify(this._watched)) {
      this._watched = answers;
      this._connector.send({ type: 'watch', answers });
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._connector.dispose();
      Signal.clearData(this);
    }
  }

  private _onMessage(_: KernelConnector, message: FromKernel): void {
    switch (message.type) {
      case 'state':
        this._state = message;
        this._setStale(message.stale ?? {});
        this._changed.emit();
        break;
      case 'ledger':
        this._state = withLedger(this._state, message);
        this._changed.emit();
        break;
      case 'stale':
        this._setStale({ ...Object.fromEntries(this._stale), ...message.answers });
        break;
      case 'insert':
        this._inserted.emit(message);
        break;
    }
  }

  private _onAttachedChanged(_: KernelConnector, attached: boolean): void {
    if (attached && this._watched.length > 0) {
      this._connector.send({ type: 'watch', answers: this._watched });
    }
    if (!attached) {
      this._state = null;
      this._setStale({});
    }
    this._changed.emit();
  }

  private _setStale(stale: Stale): void {
    this._stale = new Map(Object.entries(stale).filter(([, words]) => words !== ''));
    this._staleChanged.emit();
  }

  private _changed = new Signal<this, void>(this);
  private readonly _explainer: Explainer;
  private _inserted = new Signal<this, CodeToInsert>(this);
  private _isDisposed = false;
  private _stale: ReadonlyMap<string, string> = new Map();
  private _staleChanged = new Signal<this, void>(this);
  private _state: KernelState | null = null;
  private _watched: WatchedAnswer[] = [];
}

/** A ledger belongs to a running ask: whether it still runs is known from the states alone. */
function withLedger(state: KernelState | null, message: FromKernel & { type: 'ledger' }): KernelState {
  const { ask_id, question, model, ledger } = message;
  const before = state ?? { version: '', why: '', asking: true };
  return { ...before, type: 'state', ask_id, question, model, ledger };
}
