import { expect, it } from 'vitest';
import type { Clock } from '../../../../src/base/clock.ts';
import { Fault } from '../../../../src/base/fault.ts';
import { holdUntilNoted } from '../../../../src/proofs/alert/delivered/hold.ts';
import type { Alertmanager } from '../../../../src/stack/alertmanager.ts';
import type { Prometheus } from '../../../../src/stack/prometheus.ts';
import { contextWith } from '../../context.ts';
import { posted } from '../recorded.ts';

interface World {
  readonly peers: number;
  readonly groupIntervalMs?: number;
  /** Whether the rule fired lately, by Prometheus; it cannot say when not given. */
  readonly hasFired?: boolean;
}

/** For how long it is held, 3 s after it was posted. */
async function heldFor({ peers, groupIntervalMs = 5_000, hasFired }: World): Promise<number> {
  let nowMs = 3_000;
  const clock: Clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const alertmanager = { status: () => Promise.resolve({ peers: Array.from({ length: peers }, String) }) } as unknown as Alertmanager;
  const rawSamples = () =>
    hasFired === undefined ? Promise.reject(new Fault('stack/unreachable', 'nobody is there')) : Promise.resolve(hasFired ? [{}] : []);
  const prometheus = { rawSamples } as unknown as Prometheus;
  const context = contextWith({ grade: 'delivered', clock, alertmanager: () => alertmanager, prometheus: () => prometheus });
  const { routes } = posted();
  await holdUntilNoted('Lamp', { routes: { ...routes, groupIntervalMs } }, context, () => nowMs);
  return nowMs - 3_000;
}

it('a test alert is ended at once where one Alertmanager tells alone', async () => {
  expect(await heldFor({ peers: 0, hasFired: true })).toBe(0);
  expect(await heldFor({ peers: 1, hasFired: true })).toBe(0);
});

it('a test alert is ended at once where no real alert of its name was there to be told as over', async () => {
  expect(await heldFor({ peers: 2, hasFired: false })).toBe(0);
});

it('a test alert is held until each member of a cluster, and then the group, has had its turn', async () => {
  expect(await heldFor({ peers: 2, hasFired: true })).toBe(15_000 + 5_000 - 3_000);
  expect(await heldFor({ peers: 3, hasFired: true })).toBe(30_000 + 5_000 - 3_000);
});

it('a test alert is held where nobody can say whether its rule has fired', async () => {
  expect(await heldFor({ peers: 2 })).toBe(15_000 + 5_000 - 3_000);
});

it('a test alert is held for a minute at most', async () => {
  expect(await heldFor({ peers: 2, groupIntervalMs: 300_000, hasFired: true })).toBe(60_000 - 3_000);
});
