/**
 * Draws the answers that a notebook holds with the view they streamed in. Enters: a notebook's rendermime. Leaves: the same,
 * whose Markdown renderer looks at each output's metadata first; what is no answer goes to the renderer that was there.
 */
import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { type IManifest, manifestOf } from './manifest';

const MIME = 'text/markdown';

/** Classes of JupyterLab's Markdown, whose rules are not for our view. */
const THEIRS = ['jp-RenderedHTMLCommon', 'jp-RenderedMarkdown'];
const OURS = 'askance-output';

/** A drawn answer. */
export interface IDrawn {
  dispose(): void;
}

export type Draw = (host: HTMLElement, manifest: IManifest, markdown: string) => IDrawn;

const wrapped = new WeakSet<IRenderMime.IRendererFactory>();

/**
 * Let `draw` draw the answers among the outputs that this rendermime shows; null leaves them as they are. Several views of a
 * notebook share a rendermime.
 */
export function drawAnswers(rendermime: IRenderMimeRegistry, draw: Promise<Draw | null>): void {
  const original = rendermime.getFactory(MIME);
  if (original && !wrapped.has(original)) {
    const factory: IRenderMime.IRendererFactory = {
      safe: original.safe,
      mimeTypes: [MIME],
      defaultRank: original.defaultRank,
      createRenderer: options => withAnswers(original.createRenderer(options), draw)
    };
    wrapped.add(factory);
    rendermime.addFactory(factory, rendermime.getRank(MIME));
  }
}

/** A renderer knows what it draws no sooner than it is told to: so its method is replaced, and it stays what it was. */
function withAnswers(renderer: IRenderMime.IRenderer, draw: Promise<Draw | null>): IRenderMime.IRenderer {
  const renderOther = renderer.renderModel.bind(renderer);
  const theirs = THEIRS.filter(name => renderer.hasClass(name));
  let current: IRenderMime.IMimeModel | null = null;
  let drawn: IDrawn | null = null;
  const clear = (): void => {
    drawn?.dispose();
    drawn = null;
  };
  const dress = (isAnswer: boolean): void => {
    theirs.forEach(name => renderer.toggleClass(name, !isAnswer));
    renderer.toggleClass(OURS, isAnswer);
  };
  renderer.renderModel = async model => {
    current = model;
    const manifest = manifestOf(model.metadata);
    const view = manifest && (await draw.catch(() => null));
    if (renderer.isDisposed || current !== model) {
      return;
    }
    clear();
    dress(view !== null);
    if (manifest && view) {
      renderer.node.replaceChildren();
      drawn = view(renderer.node, manifest, String(model.data[MIME] ?? ''));
    } else {
      await renderOther(model);
    }
  };
  renderer.disposed.connect(clear);
  return renderer;
}
