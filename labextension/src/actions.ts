/**
 * What an answer's buttons do to its notebook. Enters: a cell and code. Leaves: new cells, and runs that the user wanted.
 */
import { Dialog, type ISessionContext, Notification, showDialog } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { IPlace } from './answers';
import type { LedgerModel } from './model';

/** How long a message is shown, in milliseconds. */
const SHOWN = 8000;

/** Put code into a new cell below a cell; null if the notebook takes none. The user can undo it. */
export function insertBelow({ panel, cell }: IPlace, code: string): Cell | null {
  const { content } = panel;
  const above = content.widgets.indexOf(cell);
  if (!content.model || content.model.readOnly || above < 0) {
    return null;
  }
  content.model.sharedModel.insertCell(above + 1, { cell_type: 'code', source: code, metadata: { trusted: true } });
  return content.widgets[above + 1] ?? null;
}

export class AnswerActions {
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _translator: ITranslator,
    private readonly _dialogs: ISessionContext.IDialogs | null
  ) {}

  /** Insert code below, and put the cursor there. */
  async insert(place: IPlace, code: string): Promise<void> {
    const { content } = place.panel;
    const cell = this._inserted(place, code);
    if (cell) {
      await cell.ready;
      content.mode = 'edit';
      await content.scrollToCell(cell, 'smart');
    }
  }

  /** Show the code and ask; if the user agrees, insert it below and run it. */
  async insertAndRun(place: IPlace, code: string): Promise<void> {
    const trans = this._trans;
    const { button } = await showDialog({
      title: trans.__('Run this code?'),
      body: shown(code, trans),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Insert and Run') })],
      defaultButton: 0
    });
    const cell = button.accept && !place.cell.isDisposed ? this._inserted(place, code) : null;
    if (cell) {
      await this._run(place.panel, cell);
    }
  }

  /** Ask a cell's question again, past the cache. Without askance in the kernel that would only lose the answer. */
  async retry({ panel, cell }: IPlace, model: LedgerModel): Promise<void> {
    if (!model.loaded) {
      this._say(this._trans.__('askance is not loaded in this kernel. Run: %load_ext askance'));
      return;
    }
    await model.retry(cell.model.id);
    if (!cell.isDisposed) {
      await this._run(panel, cell);
    }
  }

  private _inserted(place: IPlace, code: string): Cell | null {
    const { content } = place.panel;
    const cell = insertBelow(place, code);
    if (cell) {
      content.activeCellIndex = content.widgets.indexOf(cell);
      content.deselectAll();
    } else {
      this._say(this._trans.__('This notebook cannot be changed.'));
    }
    return cell;
  }

  private _say(message: string): void {
    Notification.warning(message, { autoClose: SHOWN });
  }

  private _run(panel: NotebookPanel, cell: Cell): Promise<boolean> {
    const dialogs = this._dialogs ?? undefined;
    return NotebookActions.runCells(panel.content, [cell], panel.sessionContext, dialogs, this._translator);
  }
}

/** The code as the dialog shows it: all of it, to be scrolled by keyboard, too. */
function shown(code: string, trans: TranslationBundle): Widget {
  const node = document.createElement('pre');
  node.textContent = code;
  node.tabIndex = 0;
  node.setAttribute('aria-label', trans.__('Code'));
  const body = new Widget({ node });
  body.addClass('askance-question-code');
  return body;
}
