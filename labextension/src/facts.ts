/**
 * What this side knows of a notebook and the kernel cannot see. Enters: the notebook and the shell. Leaves: `Facts`.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

import type { Facts } from './tokens';

export function factsOf(panel: NotebookPanel, shell: JupyterFrontEnd.IShell): Facts {
  const open = [...shell.widgets('main')].map(pathOf).filter(path => path !== null);
  return {
    path: panel.context.path,
    open_files: [...new Set(open)],
    active_cell: panel.content.activeCell?.model.id ?? null
  };
}

/** The path of the document a main-area widget shows, null if it shows none. */
function pathOf(widget: Widget): string | null {
  const { context } = widget as Partial<{ context: DocumentRegistry.Context }>;
  return context?.path ?? null;
}

/** Call `act` once things have been quiet for a while, given in milliseconds. */
export function debounced(act: () => void, quiet: number): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, quiet);
  };
}
