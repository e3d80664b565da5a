/**
 * What this side knows of a notebook and the kernel cannot see. Enters: the notebook and the shell. Leaves: `Facts`.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { type Activity, pathOf } from './activity';
import type { Facts } from './tokens';

/** How many open documents are told of. */
const MOST = 50;

export function factsOf(panel: NotebookPanel, shell: JupyterFrontEnd.IShell, activity: Activity): Facts {
  const path = panel.context.path;
  const open = [shell.currentWidget, ...shell.widgets('main')].map(pathOf).filter(open => open !== null);
  return {
    path,
    open_files: [...new Set(open)].slice(0, MOST),
    recent_files: activity.shown.filter(other => other !== path),
    edited_files: activity.edited.filter(other => other !== path),
    active_cell: panel.content.activeCell?.model.id ?? null
  };
}

/** Call `act` once things have been quiet for a while, given in milliseconds. */
export function debounced(act: () => void, quiet: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, quiet);
  };
}

/** Call `act` with what differs from the last time. */
export function onlyNews<T>(act: (value: T) => void): (value: T) => void {
  let last = '';
  return value => {
    const now = JSON.stringify(value);
    if (now !== last) {
      last = now;
      act(value);
    }
  };
}
