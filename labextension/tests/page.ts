/** A page without a browser, whose frames and timers pass when a test says so. */
import { parseHTML } from 'linkedom';

import { AnswerView } from '../src/answer/view';
import { StaticModel, type ITraits, type Request } from '../src/answer/model';

/** What was put on the clipboard. */
export const copied: string[] = [];

const page = parseHTML('<!doctype html><html><body></body></html>');

/** Frames asked for and timers set, not yet run. */
const frames = new Map<number, () => void>();
const timers = new Map<number, () => void>();
let last = 0;

function queue(into: Map<number, () => void>): (run: () => void) => number {
  return run => {
    into.set(++last, run);
    return last;
  };
}

/** What the page asked the reader, and the answer it gets. */
export const asked: { questions: string[]; answer: boolean } = { questions: [], answer: true };

const win = {
  requestAnimationFrame: queue(frames),
  cancelAnimationFrame: (id: number) => void frames.delete(id),
  setTimeout: queue(timers),
  clearTimeout: (id: number) => void timers.delete(id),
  setInterval: () => 1,
  clearInterval: () => undefined,
  confirm: (question: string) => {
    asked.questions.push(question);
    return asked.answer;
  },
  getSelection: () => null
};
Object.assign(globalThis, { document: page.document, window: win, Element: page.Element, CustomEvent: page.CustomEvent });
Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { clipboard: { writeText: (text: string) => Promise.resolve(void copied.push(text)) } } });

export const body = page.document.body as unknown as HTMLElement;

function run(queued: Map<number, () => void>): number {
  const now = [...queued.values()];
  queued.clear();
  now.forEach(one => one());
  return now.length;
}

/** Let timers pass, then frames: what is scheduled gets drawn. Returns how many frames there were. */
export function pass(): number {
  run(timers);
  return run(frames);
}

/** A view of a model without a kernel, and all that it sends or announces. */
export function shown(traits: Partial<ITraits>): { model: StaticModel; view: AnswerView; root: Element; sent: Request[]; events: CustomEvent[] } {
  const sent: Request[] = [];
  const events: CustomEvent[] = [];
  const host = document.createElement('div');
  body.replaceChildren(host);
  for (const name of ['stop', 'retry', 'context', 'insert', 'pace', 'allow', 'explain']) {
    host.addEventListener(`askance:${name}`, event => void events.push(event as CustomEvent));
  }
  const model = new StaticModel(traits, content => void sent.push(content));
  const view = new AnswerView(model, host);
  return { model, view, root: host.firstElementChild as Element, sent, events };
}

/** Press a button or a key as a user does: by `detail` clicks in a row, or none for a key. */
export function press(node: Element, detail = 1, type = 'click', more: object = {}): void {
  const event = new (page.window as unknown as typeof globalThis).Event(type, { bubbles: true, cancelable: true });
  for (const [name, value] of Object.entries({ isTrusted: true, detail, ...more })) {
    Object.defineProperty(event, name, { value });
  }
  node.dispatchEvent(event);
}

/** All elements below a node, itself left out. */
export function elementsOf(node: Element): Element[] {
  return [...node.querySelectorAll('*')];
}

export function buttonOf(node: Element, label: string): HTMLButtonElement {
  const found = [...node.querySelectorAll('button')].find(one => one.textContent === label);
  if (!found) {
    throw new Error(`no button ${label}`);
  }
  return found;
}
