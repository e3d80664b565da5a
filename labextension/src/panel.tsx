/**
 * The right sidebar. Enters: the model of the notebook in front, or null. Leaves: a Lumino widget that follows it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Head, LedgerList } from './ledger';
import type { LedgerModel } from './model';

/** What the panel has to show, from nothing to everything. */
type Stage = 'no-notebook' | 'unloaded' | 'ready' | 'asking' | 'ledger';

export class AskancePanel extends ReactWidget {
  /** @param _onNextStale shows the next answer that is no longer up to date. */
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _onNextStale: () => void
  ) {
    super();
    this.id = 'askance-panel';
    this.addClass('askance-panel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this._trans.__('Context of the last question'));
    this._mark();
  }

  get model(): LedgerModel | null {
    return this._model;
  }

  set model(model: LedgerModel | null) {
    if (model !== this._model) {
      this._model?.changed.disconnect(this._onChanged, this);
      this._model?.staleChanged.disconnect(this._onChanged, this);
      this._model = model;
      this._model?.changed.connect(this._onChanged, this);
      this._model?.staleChanged.connect(this._onChanged, this);
      this._onChanged();
    }
  }

  protected override render(): React.JSX.Element {
    const stage = this._stage();
    const state = this._model?.state;
    if (!state || stage === 'no-notebook' || stage === 'unloaded') {
      return this._empty(stage);
    }
    return (
      <>
        <Head
          state={state}
          stale={this._model?.stale.size ?? 0}
          onStop={() => void this._model?.stop(state.ask_id)}
          onNextStale={this._onNextStale}
          trans={this._trans}
        />
        {state.ledger ? <LedgerList ledger={state.ledger} trans={this._trans} /> : this._empty(stage)}
      </>
    );
  }

  private _empty(stage: Stage): React.JSX.Element {
    const trans = this._trans;
    switch (stage) {
      case 'no-notebook':
        return <p className="askance-empty">{trans.__('Open a notebook to see what its questions send.')}</p>;
      case 'unloaded':
        return (
          <p className="askance-empty">
            {trans.__('askance is not loaded in this kernel. Type this in a cell:')}
            <code>%load_ext askance</code>
          </p>
        );
      case 'asking':
        return <p className="askance-empty">{trans.__('Gathering the context…')}</p>;
      default:
        return (
          <p className="askance-empty">
            {trans.__('Nothing asked yet. Begin a cell with this, and your question below it:')}
            <code>%%ask</code>
          </p>
        );
    }
  }

  private _stage(): Stage {
    const state = this._model?.state;
    if (!this._model) {
      return 'no-notebook';
    }
    if (!this._model.loaded) {
      return 'unloaded';
    }
    return state?.asking ? 'asking' : state?.ledger ? 'ledger' : 'ready';
  }

  private _onChanged(): void {
    this._mark();
    this.update();
  }

  private _mark(): void {
    this.node.dataset.state = this._stage();
  }

  private _model: LedgerModel | null = null;
}
