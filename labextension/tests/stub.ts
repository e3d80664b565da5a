/** The stub shows the page's own view, and in a page without one the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { body } from './page';
import { StaticModel, type IDelta, type Request } from '../src/answer/model';
import { share } from '../src/answer/shared';
import stub from '../src/answer/stub';

test('a page without the view gets the text, and the kernel is told to bring the view next time', async () => {
  const sent: Request[] = [];
  const model = new StaticModel({ text: 'a' }, content => void sent.push(content));
  const deltas: ((message: IDelta) => void)[] = [];
  const heard = model.on.bind(model);
  model.on = (event, handler) => (event === 'msg:custom' ? void deltas.push(handler as (message: IDelta) => void) : heard(event, handler));
  const el = document.createElement('div');
  body.append(el);
  const widget = await stub();
  widget.initialize({ model });
  const dispose = widget.render({ model, el });
  deltas.forEach(deliver => deliver({ type: 'delta', start: 1, text: '<b>' }));
  assert.equal(el.textContent, 'a<b>');
  assert.equal(el.children.length, 0);
  model.set('text', 'whole');
  assert.equal(el.textContent, 'whole');
  dispose();
  model.set('text', 'later');
  assert.equal(el.textContent, 'whole');
  assert.deepEqual(sent, [{ type: 'need' }]);
});

test('a page that has the view shows that, and keeps the first it was offered', async () => {
  await import('../src/answer/index');
  const first = await stub();
  assert.equal(typeof first.render, 'function');
  share(() => Promise.reject(new Error('second')));
  assert.equal(await stub(), first);
});
