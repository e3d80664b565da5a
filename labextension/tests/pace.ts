/** Draws rest as long as the page needs, and the pace it can bear is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pass } from './page';
import { Pace } from '../src/answer/pace';

/** A pace whose draws take the given milliseconds each, on a clock that only they move. */
function paced(costs: number[]): { pace: Pace; told: number[]; draws: number[]; clock: { now: number } } {
  const clock = { now: 0 };
  const [told, draws]: [number[], number[]] = [[], []];
  Object.defineProperty(globalThis, 'performance', {
    configurable: true,
    value: { now: () => clock.now, measure: () => undefined }
  });
  const draw = (): void => {
    draws.push(clock.now);
    clock.now += costs[draws.length - 1] ?? 0;
  };
  return { pace: new Pace(draw, interval => void told.push(interval)), told, draws, clock };
}

test('a page that keeps up is drawn every frame and says nothing', () => {
  const { pace, told, draws, clock } = paced([2, 2, 2]);
  for (let frame = 0; frame < 3; frame += 1) {
    clock.now = frame * 16;
    pace.schedule();
    pass();
    pass();
  }
  assert.deepEqual([draws, told], [[0, 16, 32], []]);
});

test('a page that does not is told of, and again when that has changed by a third', () => {
  const { pace, told, clock } = paced([...Array<number>(20).fill(50), ...Array<number>(20).fill(2)]);
  const intervals: (number | undefined)[] = [];
  for (let frame = 0; frame < 40; frame += 1) {
    clock.now += 1000;
    pace.schedule();
    pass();
    pass();
    intervals.push(told.at(-1));
  }
  const slow = intervals[19] ?? 0;
  assert.ok(slow > 100 && slow <= 200, String(told));
  assert.ok((told.at(-1) ?? 0) < slow / 2, String(told));
  assert.ok(told.every((interval, index) => index === 0 || Math.abs(interval - (told[index - 1] ?? 0)) > (told[index - 1] ?? 0) / 3), String(told));
});

test('one slow frame changes little, and nothing is told twice within a second', () => {
  const { pace, told, clock } = paced([4, 60, 4, 4, 300, 300, 300]);
  for (let frame = 0; frame < 4; frame += 1) {
    clock.now += 250;
    pace.schedule();
    pass();
    pass();
  }
  assert.ok(told.length <= 1 && (told[0] ?? 0) < 100, String(told));
  for (let frame = 0; frame < 3; frame += 1) {
    pace.schedule();
    pass();
    pass();
  }
  assert.ok(told.length <= 2, String(told));
});

test('after a draw the page rests three times as long', () => {
  const { pace, draws } = paced([40, 0]);
  const waits: number[] = [];
  const { setTimeout } = window;
  window.setTimeout = ((run: () => void, milliseconds: number) => {
    waits.push(milliseconds);
    return setTimeout(run, milliseconds);
  }) as typeof window.setTimeout;
  pace.schedule();
  pass();
  pace.schedule();
  window.setTimeout = setTimeout;
  assert.deepEqual(waits, [0, 120]);
  pace.dispose();
  pass();
  assert.deepEqual(draws, [0]);
});
