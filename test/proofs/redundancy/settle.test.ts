import { expect, it } from 'vitest';
import type { Arrival } from '../../../src/alert/channel.ts';
import { stillToSettleMs } from '../../../src/proofs/redundancy/settle.ts';

const now = new Date('2026-11-21T08:00:10.000Z');
const arrivedAt = (...times: readonly string[]): Arrival[] =>
  times.map((time) => ({ at: `2026-11-21T08:00:${time}Z`, place: '#oncall', seenByPeople: true, excerpt: 'lp1' }));

it.each([
  ['from the arrival, though it was found a second later', arrivedAt('09.000'), 1_200, 2_000],
  ['from the first of several', arrivedAt('09.500', '09.000'), 1_200, 2_000],
  ['from the look before, where the destination’s clock is behind ours', arrivedAt('01.000'), 1_200, 1_800],
  ['from now, where the destination’s clock is ahead of ours', arrivedAt('55.000'), 1_200, 3_000],
])('a second copy is looked for %s', (_, seen, newForMs, leftMs) => {
  expect(stillToSettleMs({ seen, newForMs }, 3_000, now)).toBe(leftMs);
});
