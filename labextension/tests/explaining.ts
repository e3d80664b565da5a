/** What the kernel says of explanations reaches whoever asked, and nobody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { IExplained } from '../src/answer/explanation';
import type { KernelConnector } from '../src/connector';
import { Explainer } from '../src/explaining';
import type { FromKernel, ToKernel } from '../src/tokens';

/** As much of a connector as an explainer uses. */
class Connector {
  attached = true;
  readonly sent: ToKernel[] = [];
  readonly message = signal<FromKernel>();
  readonly attachedChanged = signal<boolean>();
  send(message: ToKernel): void {
    this.sent.push(message);
  }
}

function signal<T>() {
  const slots: ((sender: unknown, value: T) => void)[] = [];
  return {
    connect: (slot: (sender: unknown, value: T) => void, owner: unknown) => void slots.push(slot.bind(owner)),
    emit: (value: T) => slots.forEach(slot => slot(null, value))
  };
}

function asked() {
  const connector = new Connector();
  const explainer = new Explainer(connector as unknown as KernelConnector);
  const told: IExplained[] = [];
  const aborter = new AbortController();
  const ask = (code = 'x'): void => explainer.explain({ code, language: 'python', tell: one => void told.push(one), signal: aborter.signal });
  const id = (number = 0): string => (connector.sent[number] as { id: string }).id;
  return { connector, told, aborter, ask, id };
}

test('pieces are put together, the end overrules them, and what comes later is nobody’s', () => {
  const { connector, told, ask, id } = asked();
  ask();
  assert.deepEqual(connector.sent, [{ type: 'explain', id: id(), code: 'x', language: 'python' }]);
  assert.match(id(), /^[\w-]{8,64}$/);
  connector.message.emit({ type: 'explanation', id: id(), start: 0, text: 'É😀' });
  connector.message.emit({ type: 'explanation', id: 'another', start: 0, text: 'no' });
  connector.message.emit({ type: 'explanation', id: id(), start: 2, text: '!' });
  connector.message.emit({ type: 'explained', id: id(), state: 'done', text: 'Whole.', notice: 'local' });
  connector.message.emit({ type: 'explanation', id: id(), start: 3, text: 'late' });
  assert.deepEqual(told.map(({ state, text }) => [state, text]), [['streaming', 'É😀'], ['streaming', 'É😀!'], ['done', 'Whole.']]);
});

test('stopping tells the kernel, once', () => {
  const { connector, told, aborter, ask, id } = asked();
  ask();
  aborter.abort();
  assert.deepEqual(connector.sent.slice(1), [{ type: 'explain', id: id(), stop: true }]);
  connector.message.emit({ type: 'explained', id: id(), state: 'stopped', text: '', notice: '' });
  assert.deepEqual(told, []);
});

test('without askance in the kernel nothing is sent; a kernel that goes leaves what had come', () => {
  const { connector, told, ask, id } = asked();
  connector.attached = false;
  ask();
  assert.match(told[0]?.notice ?? '', /%load_ext askance/);
  assert.deepEqual(connector.sent, []);
  connector.attached = true;
  ask(' \n');
  ask('x'.repeat(20_001));
  assert.deepEqual([connector.sent.length, told.filter(({ state }) => state === 'error').length], [0, 3]);
  ask();
  connector.message.emit({ type: 'explanation', id: id(), start: 0, text: 'It' });
  connector.attachedChanged.emit(false);
  assert.deepEqual([told.at(-1)?.state, told.at(-1)?.text], ['error', 'It']);
});
