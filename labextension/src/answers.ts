/**
 * The answers that a notebook holds. Enters: a notebook. Leaves: its answers, and the cell that one of them is in.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookTracker, Notebook, NotebookPanel } from '@jupyterlab/notebook';

import { type IManifest, manifestOf } from './manifest';

/** An answer that a cell ended with. */
export interface IAnswer {
  cell: Cell;
  manifest: IManifest;
  /** The output's `text/markdown`. */
  markdown: string;
}

/** A cell, and the notebook it is in. */
export interface IPlace {
  panel: NotebookPanel;
  cell: Cell;
}

/** All answers of a notebook, in its order. */
export function answersOf(notebook: Notebook): IAnswer[] {
  return notebook.widgets.flatMap(answersIn);
}

/** The answers of a cell, in its order. */
export function answersIn(cell: Cell): IAnswer[] {
  if (cell.model.type !== 'code') {
    return [];
  }
  const { outputs } = cell.model as ICodeCellModel;
  const found: IAnswer[] = [];
  for (let index = 0; index < outputs.length; index += 1) {
    const { data, metadata } = outputs.get(index);
    const manifest = manifestOf(metadata);
    if (manifest) {
      found.push({ cell, manifest, markdown: String(data['text/markdown'] ?? '') });
    }
  }
  return found;
}

/** The cell that a DOM node is in or, for a view outside the notebook, the cell of the answer with that id. */
export function placeOf(tracker: INotebookTracker, node: EventTarget | null, id: string): IPlace | null {
  return find(tracker, cell => node instanceof Node && cell.node.contains(node)) ?? findAnswer(tracker, id);
}

function findAnswer(tracker: INotebookTracker, id: string): IPlace | null {
  return id ? find(tracker, cell => answersIn(cell).some(({ manifest }) => manifest.id === id)) : null;
}

function find(tracker: INotebookTracker, fits: (cell: Cell) => boolean): IPlace | null {
  let place: IPlace | null = null;
  tracker.find(panel => {
    const cell = panel.content.widgets.find(fits);
    place = cell ? { panel, cell } : null;
    return place !== null;
  });
  return place;
}
