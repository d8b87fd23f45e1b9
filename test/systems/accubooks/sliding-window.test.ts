import { expect, test } from 'vitest';
import { createSlidingWindow } from './sliding-window.ts';

test('counts by key what happened within the window, and forgets the rest', () => {
  let nowMs = 1_000;
  const window = createSlidingWindow(60_000, () => nowMs);
  window.add('hit');
  window.add('miss', 3);
  nowMs += 30_000;
  window.add('hit');
  expect([...window.totals()]).toEqual([
    ['hit', 2],
    ['miss', 3],
  ]);
  nowMs += 31_000;
  expect(window.total('hit')).toBe(1);
  expect(window.total('miss')).toBe(0);
  nowMs += 60_000;
  expect(window.totals().size).toBe(0);
});

test('covers only the time that has passed while it is younger than itself', () => {
  let nowMs = 0;
  const window = createSlidingWindow(60_000, () => nowMs);
  nowMs = 15_000;
  expect(window.seconds()).toBe(15);
  nowMs = 100_000;
  expect(window.seconds()).toBe(60);
});
