/**
 * What was worked on lately, in this browser. Enters: documents as they are shown and edited. Leaves: paths, latest first.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

/** How many paths are remembered of each kind. */
const MOST = 20;

export class Activity {
  constructor(private readonly _shell: JupyterFrontEnd.IShell) {
    _shell.currentChanged?.connect((_, { newValue }) => this._touch(this._shown, pathOf(newValue)));
    this.follow();
  }

  /** The order of either list changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Documents that were in front, latest first. */
  get shown(): readonly string[] {
    return this._shown;
  }

  /** Documents that were edited here, latest first. Not notebooks: running one changes it as editing does. */
  get edited(): readonly string[] {
    return this._edited;
  }

  /** Listen to the documents that have been opened since the last call. */
  follow(): void {
    for (const widget of this._shell.widgets('main')) {
      const context = contextOf(widget);
      if (context && !this._followed.has(context)) {
        this._followed.add(context);
        context.model.contentChanged.connect(() => {
          // Loading a document changes it too, but before it is ready.
          if (context.isReady && !context.path.endsWith('.ipynb')) {
            this._touch(this._edited, context.path);
          }
        });
      }
    }
  }

  private _touch(list: string[], path: string | null): void {
    if (path !== null && list[0] !== path) {
      const others = list.filter(other => other !== path);
      list.splice(0, list.length, path, ...others.slice(0, MOST - 1));
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private readonly _edited: string[] = [];
  private readonly _followed = new WeakSet<DocumentRegistry.Context>();
  private readonly _shown: string[] = [];
}

/** The path of the document a widget shows, null if it shows none. */
export function pathOf(widget: Widget | null): string | null {
  return contextOf(widget)?.path ?? null;
}

function contextOf(widget: Widget | null): DocumentRegistry.Context | null {
  return (widget as Partial<{ context: DocumentRegistry.Context }> | null)?.context ?? null;
}
