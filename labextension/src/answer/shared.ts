/**
 * One copy of the answer view per page. The module is large; a page that has it need not be sent it with every answer.
 */
import type { IModel } from './model';

/** What anywidget expects of a module. */
export interface IWidget {
  initialize(context: { model: IModel }): void;
  render(context: { model: IModel; el: HTMLElement }): () => void;
}

type Loader = () => Promise<IWidget>;

const KEY = Symbol.for('askance.answer');

/** Offer the view to answers that come without it. */
export function share(load: Loader): void {
  (globalThis as { [KEY]?: Loader })[KEY] ??= load;
}

/** The view that this page has, or undefined. */
export function shared(): Loader | undefined {
  return (globalThis as { [KEY]?: Loader })[KEY];
}
