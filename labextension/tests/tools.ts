/** Calls in the view: their lines, and the question whether one may be made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { buttonOf, elementsOf, pass, press, shown } from './page';
import { HOSTILE } from './texts';
import type { IUse } from '../src/answer/uses';

const READ: IUse = { id: 'c1', name: 'read_file', arguments: '{"path":"utils.py"}', state: 'done', seconds: 0.012, text: 'x = 1', cached: false };
const RUN: IUse = { ...READ, id: 'c2', name: 'run_python', arguments: '{"code":"import os\\nos.remove(\\"a\\")"}', state: 'asking', text: '' };

function rows(root: Element): string[] {
  return [...root.querySelectorAll('.askance-tool > summary')].map(one => [...one.children].map(child => child.textContent).join('|'));
}

/** A view that asks, in a front end that takes the answer over or not; `wait` lets time pass. */
function asking(uses: readonly IUse[], heard = true) {
  const { model, root, events, view } = shown({ ask_id: 'a1', state: 'streaming' });
  for (const type of heard ? ['askance:ready', 'askance:allow'] : []) {
    root.parentElement?.addEventListener(type, event => event.preventDefault());
  }
  const wait = (milliseconds: number): void => {
    const now = performance.now();
    performance.now = () => now + milliseconds;
  };
  const set = (next: readonly IUse[]): void => {
    model.set('tools', next);
    pass();
  };
  const said = (): unknown[] => events.filter(({ type }) => type === 'askance:allow').map(({ detail }) => detail as unknown);
  set(uses);
  return { root, said, set, view, wait, model, box: root.querySelector('.askance-confirm') as HTMLElement };
}

const clock = performance.now.bind(performance);
test.afterEach(() => void (performance.now = clock));

test('each call has a line with its name, arguments, state and time, and opens to its result', () => {
  const { model, root } = shown({ state: 'streaming', tools: [READ] });
  assert.deepEqual(rows(root), ['read_file|path="utils.py"|done|12 ms']);
  const seen = (): unknown[] => [...root.querySelectorAll<HTMLElement>('.askance-tool > pre')].filter(one => !one.hidden).map(one => one.textContent);
  assert.deepEqual(seen(), ['x = 1']);
  const line = root.querySelector('.askance-tool');
  model.set('tools', [{ ...READ, state: 'failed', text: 'no such file' }, { ...READ, id: 'c2', state: 'running', seconds: 0, text: '' }]);
  pass();
  assert.deepEqual(rows(root), ['read_file|path="utils.py"|failed|12 ms', 'read_file|path="utils.py"|running|0 ms']);
  assert.equal(root.querySelector('.askance-tool'), line);
  assert.equal(root.querySelector('.askance-answer-state')?.textContent, 'calling read_file');
  const long = JSON.stringify({ path: 'x'.repeat(200) });
  model.set('tools', [{ ...READ, arguments: long, cached: true }]);
  pass();
  assert.deepEqual(seen(), [long, 'x = 1']);
  model.set('tools', [{ ...READ, cached: true }]);
  pass();
  assert.deepEqual(rows(root), ['read_file|path="utils.py"|done, known already|12 ms']);
});

test('an answer without calls shows no list of them', () => {
  const { root } = shown({ text: 'x' });
  assert.equal((root.querySelector('.askance-tools') as HTMLElement).hidden, true);
});

test('names, arguments and results are text, whatever stands in them', () => {
  for (const text of HOSTILE) {
    const given = JSON.stringify({ code: text, [text]: text });
    const { root, box } = asking([{ ...READ, name: text, arguments: text, text }, { ...RUN, name: text, arguments: given, text }]);
    const made = [...elementsOf(root.querySelector('.askance-tools') as Element), ...elementsOf(box)];
    assert.deepEqual([...new Set(made.map(node => node.localName))].sort(), ['button', 'code', 'details', 'div', 'pre', 'span', 'summary']);
    const names = new Set(made.flatMap(node => [...node.attributes].map(({ name }) => name)));
    assert.deepEqual([...names].filter(name => !/^(?:aria-label|class|data-state|hidden|role|tabindex|title|type)$/.test(name)), []);
  }
});

test('the whole code is shown, and Allow says so to the front end with the ids', () => {
  const { root, box, said, wait } = asking([READ, RUN]);
  assert.equal(box.querySelector('pre')?.textContent, 'import os\nos.remove("a")');
  assert.equal(root.querySelector('[role="status"]')?.textContent, 'waiting for you: run_python');
  wait(500);
  press(buttonOf(box, 'Allow'));
  pass();
  assert.deepEqual(said(), [{ ask_id: 'a1', call: 'c2', allowed: true }]);
  assert.equal(box.hidden, true);
});

test('nothing is allowed by a script, too early, or by the second half of a double click', () => {
  const { box, said, wait } = asking([RUN]);
  press(buttonOf(box, 'Allow'));
  wait(399);
  press(buttonOf(box, 'Allow'));
  wait(2);
  press(buttonOf(box, 'Allow'), 2);
  buttonOf(box, 'Allow').click();
  press(buttonOf(box, 'Allow'), 0, 'click', { isTrusted: false });
  assert.deepEqual(said(), []);
  press(buttonOf(box, 'Allow'), 0);
  assert.equal(said().length, 1);
});

test('a line that appears above moves the buttons, so the time begins anew', () => {
  const { box, said, set, wait } = asking([RUN]);
  wait(500);
  set([RUN, { ...READ, id: 'c9', state: 'running' }]);
  press(buttonOf(box, 'Allow'));
  assert.deepEqual(said(), []);
  wait(500);
  press(buttonOf(box, 'Refuse'));
  assert.deepEqual(said(), [{ ask_id: 'a1', call: 'c2', allowed: false }]);
});

test('Escape refuses, Enter on anything but a button does nothing, a held key presses nothing', () => {
  const { box, said, wait } = asking([RUN]);
  wait(500);
  const code = box.querySelector('pre') as HTMLElement;
  press(code, 0, 'keydown', { key: 'Enter' });
  press(code, 0, 'keydown', { key: 'Escape', isTrusted: false });
  assert.deepEqual(said(), []);
  let prevented = false;
  press(buttonOf(box, 'Allow'), 0, 'keydown', { key: 'Enter', repeat: true, preventDefault: () => void (prevented = true) });
  assert.ok(prevented);
  press(code, 0, 'keydown', { key: 'Escape' });
  assert.deepEqual(said(), [{ ask_id: 'a1', call: 'c2', allowed: false }]);
});

test('one call is asked about at a time, with buttons of its own', () => {
  const second = { ...RUN, id: 'c3', arguments: '{"code":"second"}' };
  const { box, said, wait } = asking([RUN, second]);
  const first = buttonOf(box, 'Allow');
  wait(500);
  press(first);
  pass();
  assert.equal(box.querySelector('pre')?.textContent, 'second');
  assert.notEqual(buttonOf(box, 'Allow'), first);
  press(buttonOf(box, 'Allow'));
  assert.deepEqual(said(), [{ ask_id: 'a1', call: 'c2', allowed: true }]);
});

test('a question goes when the kernel has its answer, or the ask has ended', () => {
  const { box, set, model } = asking([RUN]);
  assert.equal(box.hidden, false);
  set([{ ...RUN, state: 'refused' }]);
  assert.equal(box.hidden, true);
  set([{ ...RUN, id: 'c5' }]);
  assert.equal(box.hidden, false);
  model.set('state', 'stopped');
  pass();
  assert.equal(box.hidden, true);
});

test('where no front end takes the answer over there are no buttons', () => {
  const { box, said } = asking([RUN], false);
  assert.equal(box.querySelectorAll('button').length, 0);
  assert.match(box.textContent ?? '', /where the notebook asks for input/);
  press(box.querySelector('pre') as Element, 0, 'keydown', { key: 'Escape' });
  assert.deepEqual(said(), []);
});
