/**
 * A saved answer as the answer view shows it. Enters: an output's Markdown and its manifest. Leaves: a view that follows
 * whether the answer is still up to date.
 */
import { AnswerView, StaticModel } from './answer';
import type { FocusKeeper } from './focus';
import type { IManifest } from './manifest';
import type { LedgerModel } from './model';
import { traitsOf } from './traits';

export class SavedAnswer {
  /**
   * @param host where it is put.
   * @param _manifest what is known of the answer.
   * @param markdown the output as it is saved.
   * @param _ledger the notebook's kernel, as far as it is known.
   * @param focus knows where the keyboard was while the answer streamed.
   */
  constructor(
    host: HTMLElement,
    private readonly _manifest: IManifest,
    markdown: string,
    private readonly _ledger: LedgerModel,
    focus: FocusKeeper
  ) {
    this._model = new StaticModel({ ...traitsOf(_manifest, markdown), stale: this._changes() });
    this._view = new AnswerView(this._model, host);
    focus.restore(host, _manifest.id);
    _ledger.staleChanged.connect(this._follow, this);
  }

  dispose(): void {
    this._ledger.staleChanged.disconnect(this._follow, this);
    this._view.dispose();
  }

  private _changes(): string {
    return this._ledger.stale.get(this._manifest.id) ?? '';
  }

  private _follow(): void {
    this._model.set('stale', this._changes());
  }

  private readonly _model: StaticModel;
  private readonly _view: AnswerView;
}
