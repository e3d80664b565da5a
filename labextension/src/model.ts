/**
 * What is known about askance in one notebook's kernel. Enters: the connector's messages. Leaves: one value and a signal.
 */
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { KernelConnector } from './connector';
import type { Facts, FromKernel, KernelState } from './tokens';

export class LedgerModel implements IDisposable {
  constructor(private readonly _connector: KernelConnector) {
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

  /** The kernel's last word, null if there was none yet. */
  get state(): KernelState | null {
    return this._state;
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

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._connector.dispose();
      Signal.clearData(this);
    }
  }

  private _onMessage(_: KernelConnector, message: FromKernel): void {
    if (message.type === 'stopping') {
      return;
    }
    this._state = message.type === 'state' ? message : withLedger(this._state, message);
    this._changed.emit();
  }

  private _onAttachedChanged(_: KernelConnector, attached: boolean): void {
    if (!attached) {
      this._state = null;
    }
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _state: KernelState | null = null;
}

/** A ledger belongs to a running ask: whether it still runs is known from the states alone. */
function withLedger(state: KernelState | null, message: FromKernel & { type: 'ledger' }): KernelState {
  const { ask_id, question, model, ledger } = message;
  const before = state ?? { version: '', why: '', asking: true };
  return { ...before, type: 'state', ask_id, question, model, ledger };
}
