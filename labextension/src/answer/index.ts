/**
 * The answer view, as the module anywidget loads. Enters: the widget's model and an element. Leaves: a live view in it.
 */
import type { IModel, News } from './model';
import { share, type IWidget } from './shared';
import { Transcript } from './transcript';
import { usesOf, useOf, withUse } from './uses';
import { AnswerView } from './view';

export { StaticModel } from './model';
export { share } from './shared';
export type { IDelta, IModel, ITraits, Request, State } from './model';
export type { IExplaining } from './explanation';
export type { IUse } from './uses';
export type { IInsertion } from './actions';
export { AnswerView };

/** Once per widget: put the deltas together into `text`, so that every view of it shows the same. */
function initialize({ model }: { model: IModel }): void {
  const transcript = new Transcript(model.get('text'));
  model.on('change:text', () => {
    if (model.get('text') !== transcript.text) {
      transcript.replace(model.get('text'));
    }
  });
  // Set without saving: the kernel knows all of it already.
  model.on('msg:custom', (message: News) => {
    const use = message.type === 'tool' ? useOf(message.use) : null;
    if (message.type === 'delta') {
      transcript.append(message.start, message.text);
      model.set('text', transcript.text);
    } else if (use) {
      model.set('tools', withUse(usesOf(model.get('tools')), use));
    }
  });
}

/** Once per place where the widget is shown. */
function render({ model, el }: { model: IModel; el: HTMLElement }): () => void {
  const view = new AnswerView(model, el);
  return () => view.dispose();
}

const widget: IWidget = { initialize, render };
share(() => Promise.resolve(widget));

export default widget;
