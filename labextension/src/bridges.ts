/**
 * One model per notebook session. Enters: notebook panels as they open. Leaves: the model of a panel.
 *
 * Two views of one notebook share its session, and with it the model: a kernel connection has room for one comm target.
 */
import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { insertBelow } from './actions';
import { Activity } from './activity';
import { answersOf } from './answers';
import { KernelConnector } from './connector';
import { debounced, factsOf, onlyNews } from './facts';
import { watched } from './manifest';
import { LedgerModel } from './model';
import type { Facts } from './tokens';

/** How long the front end must be quiet before the kernel is told what changed, in milliseconds. */
const QUIET = 300;

/** The same for looking through all outputs of a notebook, which typing puts off. */
const LONG_QUIET = 1000;

export class Bridges {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _shell: JupyterFrontEnd.IShell,
    private readonly _labShell: ILabShell | null
  ) {
    this._activity = new Activity(_shell);
    _labShell?.layoutModified.connect(() => this._activity.follow());
    _tracker.forEach(panel => this._open(panel));
    _tracker.widgetAdded.connect((_, panel) => this._open(panel));
  }

  /** The model of a notebook, made when it is first asked for: a tracker names a new panel current before it adds it. */
  of(panel: NotebookPanel): LedgerModel {
    return this._models.get(panel.sessionContext) ?? this._connect(panel);
  }

  private _open(panel: NotebookPanel): void {
    const model = this.of(panel);
    const news = onlyNews<Facts>(facts => model.tell(facts));
    const tell = debounced(() => {
      if (!panel.isDisposed && !model.isDisposed) {
        news(factsOf(panel, this._shell, this._activity));
      }
    }, QUIET);
    panel.content.activeCellChanged.connect(tell);
    panel.context.pathChanged.connect(tell);
    this._labShell?.layoutModified.connect(tell);
    this._activity.changed.connect(tell);
    this._followAnswers(panel, model);
    panel.disposed.connect(() => {
      this._labShell?.layoutModified.disconnect(tell);
      this._activity.changed.disconnect(tell);
    });
  }

  /** The kernel is told which answers there are, so that it can say which of them are no longer up to date. */
  private _followAnswers(panel: NotebookPanel, model: LedgerModel): void {
    const watch = debounced(() => {
      if (!panel.isDisposed && !model.isDisposed) {
        model.watch(watched(answersOf(panel.content).map(({ manifest }) => manifest)));
      }
    }, LONG_QUIET);
    panel.content.modelContentChanged.connect(watch);
    void panel.context.ready.then(watch);
  }

  private _connect(panel: NotebookPanel): LedgerModel {
    const session = panel.sessionContext;
    const shown = (): NotebookPanel => this._tracker.find(other => other.sessionContext === session) ?? panel;
    const model = new LedgerModel(new KernelConnector(session, () => factsOf(shown(), this._shell, this._activity)));
    this._models.set(session, model);
    model.inserted.connect((_, { cell: id, code }) => {
      const notebook = shown();
      const cell = notebook.content.widgets.find(one => one.model.id === id);
      if (cell) {
        insertBelow({ panel: notebook, cell }, code);
      }
    });
    panel.context.disposed.connect(() => {
      this._models.delete(session);
      model.dispose();
    });
    return model;
  }

  private readonly _activity: Activity;
  private readonly _models = new Map<ISessionContext, LedgerModel>();
}
