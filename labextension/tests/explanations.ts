/** Explanations below code blocks: asked for once, drawn as answers are, stopped, closed, and kept when the form changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { buttonOf, elementsOf, pass, shown } from './page';
import { HOSTILE } from './texts';
import type { IExplaining } from '../src/answer/explanation';
import type { ITraits } from '../src/answer/model';

const CODE = '- a\n\n  ```python\n  print(1)\n  ```\n\n```bash\nls\n```';

/** A view in a front end that explains, or not. */
function view(traits: Partial<ITraits>, heard = true) {
  const made = shown({ text: CODE, ...traits });
  const asked: IExplaining[] = [];
  made.root.parentElement?.addEventListener('askance:explain', event => {
    if (heard) {
      event.preventDefault();
      asked.push((event as CustomEvent<IExplaining>).detail);
    }
  });
  const press = (number: number): void => {
    [...made.root.querySelectorAll<HTMLElement>('.askance-code-explain')][number]?.click();
    pass();
  };
  const boxes = (): HTMLElement[] => [...made.root.querySelectorAll<HTMLElement>('.askance-explanation-box')];
  return { ...made, asked, press, boxes };
}

test('a block is explained below it, as it comes, and asked for once', () => {
  const { asked, press, boxes, root } = view({ ask_id: 'once' });
  press(0);
  press(0);
  assert.deepEqual(asked.map(({ code, language }) => [code, language]), [['print(1)', 'python']]);
  assert.match(boxes()[0]?.textContent ?? '', /explaining…/);
  asked[0]?.tell({ state: 'streaming', text: 'It **prints', notice: '' });
  pass();
  asked[0]?.tell({ state: 'done', text: 'It **prints** 1.', notice: 'local' });
  pass();
  assert.equal(boxes()[0]?.querySelector('.askance-answer-body')?.textContent, 'It prints 1.');
  assert.equal(boxes()[0]?.querySelector('strong')?.textContent, 'prints');
  assert.equal(boxes()[0]?.closest('.askance-code')?.querySelector('code')?.textContent, 'print(1)');
  press(1);
  assert.deepEqual(asked.map(({ code }) => code), ['print(1)', 'ls']);
  assert.equal(root.querySelectorAll('.askance-explanation-box').length, 2);
});

test('it stays while the answer grows, and is there in the form that takes its place', () => {
  const { model, asked, press, boxes } = view({ ask_id: 'kept', state: 'streaming' });
  press(0);
  asked[0]?.tell({ state: 'done', text: 'Prints.', notice: '' });
  model.set('text', `${CODE}\n\nmore`);
  pass();
  const [box] = boxes();
  model.set('text', `${CODE}\n\nmore and more`);
  model.set('state', 'done');
  pass();
  assert.equal(boxes()[0], box);
  assert.equal(view({ ask_id: 'kept' }).boxes().length, 1);
  assert.equal(view({ ask_id: 'another' }).boxes().length, 0);
});

test('stopped it keeps what had come, and can be asked for again; closed it is gone', () => {
  const { asked, press, boxes, root } = view({ ask_id: 'stopped' });
  press(0);
  asked[0]?.tell({ state: 'streaming', text: 'It', notice: '' });
  pass();
  buttonOf(boxes()[0] as Element, 'Stop').click();
  pass();
  assert.equal(asked[0]?.signal.aborted, true);
  asked[0]?.tell({ state: 'done', text: 'late', notice: '' });
  pass();
  assert.match(boxes()[0]?.textContent ?? '', /stopped.*It/);
  press(0);
  assert.equal(asked.length, 2);
  buttonOf(boxes()[0] as Element, 'Close').click();
  pass();
  assert.equal(asked[1]?.signal.aborted, true);
  assert.deepEqual([boxes().length, root.querySelectorAll('.askance-code').length], [0, 2]);
});

test('where nobody can ask for it, it says how to', () => {
  const { press, boxes } = view({ ask_id: 'alone' }, false);
  press(0);
  assert.match(boxes()[0]?.textContent ?? '', /failed.*%%ask/);
});

test('what is said is drawn as an answer is: nothing in it runs or is explained again', () => {
  const { asked, press, boxes } = view({ ask_id: 'hostile' });
  press(0);
  for (const text of HOSTILE) {
    asked[0]?.tell({ state: 'streaming', text: `${text}\n\n\`\`\`\nnested\n\`\`\``, notice: text });
    pass();
    const names = new Set(elementsOf(boxes()[0] as Element).map(node => node.localName));
    assert.deepEqual([...names].filter(name => /^(?:script|img|iframe|svg|style|object|embed|form|input|video|audio|link|meta)$/.test(name)), [], text);
  }
  const nested = [...(boxes()[0]?.querySelectorAll<HTMLElement>('.askance-code-explain') ?? [])].at(-1);
  nested?.click();
  assert.equal(asked.length, 1);
});
