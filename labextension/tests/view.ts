/** The view: what it shows, says, offers and sends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asked, buttonOf, copied, pass, shown } from './page';

const CODE = '```python\nprint(1)\n```\n\n```bash\nls\n```';

function textOf(root: Element, name: string): string {
  return root.querySelector(`.askance-answer-${name}`)?.textContent ?? '';
}

function isHidden(node: Element | null): boolean {
  return (node as HTMLElement | null)?.hidden ?? true;
}

test('however many deltas come, they are drawn once per frame', () => {
  const { model, root } = shown({ state: 'streaming' });
  assert.equal(pass(), 0);
  for (const text of ['a', 'ab', 'abc']) {
    model.set('text', text);
  }
  assert.equal(textOf(root, 'body'), '');
  assert.equal(pass(), 1);
  assert.equal(textOf(root, 'body'), 'abc');
  assert.equal(pass(), 0);
});

test('while it runs it can be stopped, afterwards asked again', () => {
  const { model, root, sent, events } = shown({ ask_id: 'a1', model_name: 'm', state: 'streaming' });
  assert.equal(root.getAttribute('aria-label'), 'Answer by m');
  assert.equal(root.querySelector('.askance-answer-body')?.getAttribute('aria-busy'), 'true');
  assert.deepEqual([isHidden(buttonOf(root, 'Stop')), isHidden(buttonOf(root, 'Retry'))], [false, true]);
  buttonOf(root, 'Stop').click();
  model.set('state', 'stopped');
  model.set('notice', 'stopped');
  pass();
  assert.deepEqual([isHidden(buttonOf(root, 'Stop')), isHidden(buttonOf(root, 'Retry'))], [true, false]);
  assert.equal(root.querySelector('.askance-answer-body')?.getAttribute('aria-busy'), 'false');
  buttonOf(root, 'Retry').click();
  assert.deepEqual(sent, [{ type: 'stop' }, { type: 'retry' }]);
  assert.deepEqual(events.map(event => [event.type, event.detail]), [
    ['askance:stop', { ask_id: 'a1' }],
    ['askance:retry', { ask_id: 'a1' }]
  ]);
});

test('what a front end takes over is not sent to the kernel', () => {
  const { root, sent, events } = shown({ text: CODE });
  root.parentElement?.addEventListener('askance:insert', event => event.preventDefault());
  root.parentElement?.addEventListener('askance:retry', event => event.preventDefault());
  const before = asked.questions.length;
  [...root.querySelectorAll('button')].filter(one => /Insert|Retry/.test(one.textContent ?? '')).forEach(one => one.click());
  assert.deepEqual(sent, []);
  assert.equal(asked.questions.length, before);
  assert.deepEqual(events.slice(1).map(event => event.detail as object), [
    { ask_id: '', code: 'print(1)', language: 'python', run: false },
    { ask_id: '', code: 'print(1)', language: 'python', run: true },
    { ask_id: '', code: '%%bash\nls', language: 'bash', run: false },
    { ask_id: '', code: '%%bash\nls', language: 'bash', run: true }
  ]);
});

test('with no front end, inserting goes to the kernel, and "run" asks first', () => {
  const { root, sent } = shown({ text: CODE });
  buttonOf(root, 'Insert below').click();
  asked.answer = false;
  buttonOf(root, 'Insert and run').click();
  assert.equal(sent.length, 1);
  asked.answer = true;
  buttonOf(root, 'Insert and run').click();
  assert.deepEqual(sent, [
    { type: 'insert', code: 'print(1)' },
    { type: 'insert', code: 'print(1)' }
  ]);
  assert.equal(asked.questions.length, 2);
});

test('an answer and a block are copied as they were written', async () => {
  const { root } = shown({ text: CODE });
  copied.length = 0;
  [...root.querySelectorAll('button')].filter(one => one.textContent === 'Copy').forEach(one => one.click());
  await Promise.resolve();
  assert.deepEqual(copied, [CODE, 'print(1)', 'ls']);
});

test('an answer that no longer holds says so and can be asked again', () => {
  const { model, root, sent } = shown({ cached: 'disk', text: 'x' });
  assert.equal(isHidden(root.querySelector('.askance-answer-banner')), true);
  assert.equal(textOf(root, 'badge'), 'cached: disk');
  model.set('stale', 'df +2 columns, utils.py edited');
  pass();
  assert.equal(isHidden(root.querySelector('.askance-answer-banner')), false);
  assert.equal(textOf(root, 'stale'), 'stale: df +2 columns, utils.py edited');
  buttonOf(root, 'Ask again').click();
  assert.deepEqual(sent, [{ type: 'retry' }]);
});

test('a screen reader hears that it is answering and how that ended, and nothing of an old answer', () => {
  const status = (root: Element): string => root.querySelector('[role="status"]')?.textContent ?? '';
  const { model, root } = shown({ state: 'waiting' });
  assert.equal(status(root), 'answering');
  model.set('notice', 'incomplete: connection lost');
  model.set('state', 'error');
  pass();
  assert.equal(status(root), 'failed: incomplete: connection lost');
  assert.equal(status(shown({ text: 'x' }).root), '');
});

test('every button has a name, and none is out of the tab order', () => {
  const { root } = shown({ text: CODE, stale: 'x' });
  const buttons = [...root.querySelectorAll('button')];
  assert.equal(buttons.length, 4 + 1 + 4 + 4);
  assert.ok(buttons.every(one => one.getAttribute('aria-label')?.includes(one.textContent ?? '') && !one.hasAttribute('tabindex')));
  assert.ok([...root.querySelectorAll('[role="toolbar"]')].every(one => one.getAttribute('aria-label')));
});

test('once disposed it is gone and hears nothing', () => {
  const { model, root, view } = shown({ state: 'streaming', text: 'a' });
  view.dispose();
  model.set('text', 'ab');
  assert.equal(pass(), 0);
  assert.equal(root.parentElement, null);
  assert.equal(textOf(root, 'body'), 'a');
});
