/**
 * Stands in for the answer view where the page is known to have it. Leaves: that view; in a page that lacks it after all
 * the plain text, and a request to the kernel to send the whole module with the next answer.
 */
import type { News } from './model';
import { shared, type IWidget } from './shared';
import { Transcript } from './transcript';

const plain: IWidget = {
  initialize: ({ model }) => model.send({ type: 'need' }),
  render: ({ model, el }) => {
    const transcript = new Transcript(model.get('text'));
    const show = (): void => void (el.textContent = transcript.text);
    const replace = (): void => {
      transcript.replace(model.get('text'));
      show();
    };
    el.style.whiteSpace = 'pre-wrap';
    show();
    model.on('change:text', replace);
    model.on('msg:custom', (message: News) => {
      if (message.type === 'delta') {
        transcript.append(message.start, message.text);
        show();
      }
    });
    return () => model.off('change:text', replace);
  }
};

export default async (): Promise<IWidget> => (await shared()?.()) ?? plain;
