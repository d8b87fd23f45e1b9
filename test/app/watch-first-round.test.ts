import { expect, it } from 'vitest';
import { followFirstRound } from '../../src/app/watch/first-round.ts';
import { createTestClock } from '../schedule/test-clock.ts';
import { checkNamed } from '../metrics/sample.ts';

const schedule = { type: 'every', everyMs: 5_000 } as const;
const [home, shop, onDemand] = [checkNamed('home', { schedule }), checkNamed('shop', { schedule }), checkNamed('now and then')];

function follow(checks = [home, shop, onDemand]) {
  const clock = createTestClock('2026-02-01T09:00:00Z');
  const round = { times: 0 };
  const following = followFirstRound({ clock, checks: () => checks, tell: () => void (round.times += 1) });
  return { clock, round, following };
}

it('is over when every check that has an interval has ended once, and that is told once', async () => {
  const { clock, round, following } = follow();
  following.ended('home');
  following.ended('home');
  expect(round.times).toBe(0);
  following.ended('shop');
  following.ended('shop');
  await clock.advance(120_000);
  expect(round.times).toBe(1);
  await following[Symbol.asyncDispose]();
});

it('is over after a minute when a check has not ended by then', async () => {
  const { clock, round, following } = follow();
  following.ended('home');
  await clock.advance(59_999);
  expect(round.times).toBe(0);
  await clock.advance(1);
  expect(round.times).toBe(1);
  following.ended('shop');
  expect(round.times).toBe(1);
  await following[Symbol.asyncDispose]();
});

it('is over at once when no check has an interval', async () => {
  const { round, following } = follow([onDemand]);
  expect(round.times).toBe(1);
  await following[Symbol.asyncDispose]();
});

it('is not told any more when the daemon ends', async () => {
  const { clock, round, following } = follow();
  await following[Symbol.asyncDispose]();
  await clock.advance(60_000);
  expect(round.times).toBe(0);
});
