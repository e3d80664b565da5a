/**
 * The only file that knows comms. Enters: a notebook's session. Leaves: the kernel's messages as a signal.
 *
 * `askance.context` is opened by the kernel when the extension is loaded there, and only pushes. `askance.control` is
 * opened from here and answered inside the kernel's handler, so that ipykernel 7 serves it while a cell runs.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { isFromKernel } from './messages';
import { CommTargets, type Facts, type FromKernel, type ToKernel } from './tokens';

/** How long the kernel may take to confirm a stop before it is interrupted, in milliseconds. */
const STOP_PATIENCE = 150;

/** How long the kernel may take to confirm that the next ask is a retry, in milliseconds. */
const RETRY_PATIENCE = 1000;

/** How long a comm may wait for its subshell, in milliseconds; the user may have switched subshells off. */
const SUBSHELL_PATIENCE = 1000;

export class KernelConnector implements IDisposable {
  /**
   * @param session the session of a notebook; its kernel may come, restart, change and go.
   * @param _facts what this side knows at the moment.
   */
  constructor(
    session: ISessionContext,
    private readonly _facts: () => Facts
  ) {
    session.kernelChanged.connect(this._onKernelChanged, this);
    session.statusChanged.connect(this._onStatusChanged, this);
    void session.ready.then(() => this._watch(session.session?.kernel ?? null));
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether askance is loaded in the kernel, as far as is known. */
  get attached(): boolean {
    return this._control !== null;
  }

  /** Whether the kernel hears what is sent while a cell runs: only where the comm has a thread of its own there. */
  get isHeard(): boolean {
    // Public in JupyterLab's class of comms, but not in their interface.
    const { subshellId } = (this._control ?? {}) as { subshellId?: string | null };
    return typeof subshellId === 'string' && this._kernel?.supportsSubshells === true;
  }

  /** `attached` changed. */
  get attachedChanged(): ISignal<this, boolean> {
    return this._attachedChanged;
  }

  get message(): ISignal<this, FromKernel> {
    return this._message;
  }

  /** Tell the kernel something; of no effect while not attached. */
  send(message: ToKernel): void {
    this._control?.send(message);
  }

  /**
   * Stop an ask, or whichever runs (null). A kernel that does not react at once is busy without subshells: interrupt it.
   * A kernel that says there is nothing to stop is left alone: its next cell may be running.
   */
  async stop(askId: string | null): Promise<void> {
    const kernel = this._kernel;
    const stopping = this._heard('stopping', STOP_PATIENCE);
    this.send({ type: 'stop', ask_id: askId });
    if (!(await stopping) && kernel && !kernel.isDisposed) {
      await kernel.interrupt();
    }
  }

  /** Let the next ask of a cell bypass the cache. A kernel that is busy without subshells gets to know it in time, too. */
  async retry(cell: string): Promise<void> {
    const retrying = this._heard('retrying', RETRY_PATIENCE);
    this.send({ type: 'retry', cell });
    await retrying;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._unwatch();
    Signal.clearData(this);
  }

  private _onKernelChanged(_: ISessionContext, change: { newValue: Kernel.IKernelConnection | null }): void {
    this._watch(change.newValue);
  }

  /** A restart keeps the connection and its comm targets, but what was loaded is gone. */
  private _onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._detach();
      this._restarted = true;
    } else if (status === 'idle' && this._restarted) {
      this._restarted = false;
      void this._lookForAskance();
    }
  }

  private _watch(kernel: Kernel.IKernelConnection | null): void {
    if (this._isDisposed || kernel === this._kernel) {
      return;
    }
    this._unwatch();
    this._kernel = kernel;
    kernel?.registerCommTarget(CommTargets.context, this._onContextOpened);
    void this._lookForAskance();
  }

  private _unwatch(): void {
    this._kernel?.removeCommTarget(CommTargets.context, this._onContextOpened);
    this._kernel = null;
    this._detach();
  }

  /** Any comm of askance's in the kernel, even one from before a page reload, tells that it is loaded there. */
  private async _lookForAskance(): Promise<void> {
    const kernel = this._kernel;
    if (!kernel?.handleComms || this.attached) {
      return;
    }
    const { content } = await kernel.requestCommInfo({});
    const comms = content.status === 'ok' ? Object.values(content.comms) : [];
    if (comms.some(comm => comm.target_name.startsWith('askance.'))) {
      await this._attach(kernel);
    }
  }

  private readonly _onContextOpened = (comm: Kernel.IComm, opened: KernelMessage.ICommOpenMsg): void => {
    comm.onMsg = message => this._receive(message.content.data);
    this._receive(opened.content.data);
    if (this._kernel) {
      void this._attach(this._kernel);
    }
  };

  private async _attach(kernel: Kernel.IKernelConnection): Promise<void> {
    if (this._opening || this.attached || kernel !== this._kernel) {
      return;
    }
    const control = (this._opening = kernel.createComm(CommTargets.control));
    await subshell(kernel, control);
    if (this._opening !== control) {
      return; // the kernel went or restarted meanwhile
    }
    this._opening = null;
    this._control = control;
    control.onMsg = message => this._receive(message.content.data);
    control.onClose = () => void (this._control === control && this._detach());
    control.open({ type: 'hello', ...this._facts() });
    this._attachedChanged.emit(true);
  }

  private _detach(): void {
    const wasAttached = this.attached;
    this._opening?.dispose();
    this._control?.dispose();
    this._opening = this._control = null;
    if (wasAttached) {
      this._attachedChanged.emit(false);
    }
  }

  /** Whether a message of this type comes within some milliseconds. */
  private _heard(type: FromKernel['type'], patience: number): Promise<boolean> {
    return new Promise(resolve => {
      const timer = window.setTimeout(() => finish(false), patience);
      const listen = (_: this, message: FromKernel): void => void (message.type === type && finish(true));
      const finish = (heard: boolean): void => {
        window.clearTimeout(timer);
        this._message.disconnect(listen);
        resolve(heard);
      };
      this._message.connect(listen);
    });
  }

  private _receive(data: unknown): void {
    if (isFromKernel(data)) {
      this._message.emit(data);
    }
  }

  private _attachedChanged = new Signal<this, boolean>(this);
  private _control: Kernel.IComm | null = null;
  private _isDisposed = false;
  private _kernel: Kernel.IKernelConnection | null = null;
  private _message = new Signal<this, FromKernel>(this);
  private _opening: Kernel.IComm | null = null;
  private _restarted = false;
}

/**
 * Wait until a comm has its subshell. One that is opened earlier is answered on the kernel's main thread, and from then
 * on ipykernel sends all its messages there, behind the running cell.
 */
async function subshell(kernel: Kernel.IKernelConnection, comm: Kernel.IComm): Promise<void> {
  await kernel.info;
  // Public in JupyterLab's class of comms, but not in their interface.
  const { subshellStarted } = comm as Kernel.IComm & { subshellStarted?: Promise<void> };
  if (kernel.supportsSubshells && subshellStarted) {
    const patience = new Promise<void>(resolve => window.setTimeout(resolve, SUBSHELL_PATIENCE));
    await Promise.race([subshellStarted.catch(() => undefined), patience]);
  }
}
