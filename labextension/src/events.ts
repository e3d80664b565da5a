/**
 * The buttons of an answer view speak through DOM events; here they get what a notebook can do. Enters: events that bubble
 * up to the document. Leaves: messages to the kernel, cells.
 *
 * An event that is not taken over here is handled by the view itself, as in every other front end.
 */
import type { INotebookTracker } from '@jupyterlab/notebook';

import type { AnswerActions } from './actions';
import type { IExplaining } from './answer/explanation';
import { type IPlace, placeOf } from './answers';
import type { Bridges } from './bridges';
import { isCode, isRecord } from './messages';
import type { LedgerModel } from './model';
import { AnswerEvents } from './tokens';

type Detail = Record<string, unknown> & { ask_id: string };
/** False if it does not take the event over after all. */
type Handler = (place: IPlace, model: LedgerModel, detail: Detail) => unknown;

export function takeOverAnswerEvents(
  tracker: INotebookTracker,
  bridges: Bridges,
  actions: AnswerActions,
  showContext: () => void
): void {
  const listen = (type: string, handle: Handler): void =>
    document.addEventListener(type, event => {
      const detail = detailOf(event);
      const place = placeOf(tracker, event.target, detail.ask_id);
      if (place && handle(place, bridges.of(place.panel), detail) !== false) {
        event.preventDefault();
      }
    });
  listen(AnswerEvents.context, showContext);
  listen(AnswerEvents.stop, (_, model, { ask_id }) => void model.stop(ask_id || null));
  listen(AnswerEvents.retry, (place, model) => void actions.retry(place, model));
  listen(AnswerEvents.pace, (_, model, { interval }) => {
    if (typeof interval === 'number' && interval >= 0) {
      model.pace(interval);
    }
  });
  listen(AnswerEvents.insert, (place, _, { code, run }) => {
    if (isCode(code) && isWanted()) {
      void (run === true ? actions.insertAndRun(place, code) : actions.insert(place, code));
    }
  });
  listen(AnswerEvents.ready, (_, model) => model.isHeard);
  listen(AnswerEvents.allow, (_, model, { ask_id, call, allowed }) => {
    if (typeof call === 'string' && typeof allowed === 'boolean' && (!allowed || isWanted())) {
      model.allow(ask_id, call, allowed);
    }
  });
  listen(AnswerEvents.explain, (_, model, detail) => {
    if (isExplaining(detail) && isWanted()) {
      model.explain(detail);
    }
  });
}

/** A script in the page can send these events, too; the browser knows whether there was a click or a key. */
function isWanted(): boolean {
  return navigator.userActivation?.isActive !== false;
}

function isExplaining(detail: Detail): detail is Detail & IExplaining {
  const { code, language, tell, signal } = detail;
  return isCode(code) && typeof language === 'string' && typeof tell === 'function' && signal instanceof AbortSignal;
}

function detailOf(event: Event): Detail {
  const detail: unknown = event instanceof CustomEvent ? event.detail : null;
  const known = isRecord(detail) ? detail : {};
  return { ...known, ask_id: typeof known.ask_id === 'string' ? known.ask_id : '' };
}
