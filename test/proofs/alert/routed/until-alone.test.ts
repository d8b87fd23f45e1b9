import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/base/clock.ts';
import { Fault } from '../../../../src/base/fault.ts';
import { untilAlone } from '../../../../src/proofs/alert/routed/until-alone.ts';
import type { Alertmanager } from '../../../../src/stack/alertmanager.ts';
import type { Prometheus } from '../../../../src/stack/prometheus.ts';
import { contextWith } from '../../context.ts';

const evaluatedEveryMs = 15_000;
const single = { groupIntervalMs: 5_000, peers: 1 };
const clusterOfThree = { groupIntervalMs: 5_000, peers: 3 };
/** The group's interval, and 15 s for each member that waits for another one. */
const clusterTellsWithinMs = 5_000 + 2 * 15_000;

interface World {
  /** When others are active in Alertmanager: up to this moment. */
  readonly othersUntilMs?: number;
  /** When the rule last fired by Prometheus; it cannot say when not given. */
  readonly firedUntilMs?: number;
}

/** Waits in a world of its own time; tells how long that took, what is left and what Prometheus was asked. */
async function wait(group: typeof single, { othersUntilMs = -1, firedUntilMs }: World) {
  let nowMs = 0;
  const asked: string[] = [];
  const clock: Clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const alertmanager = { alerts: () => Promise.resolve(nowMs <= othersUntilMs ? [{}, {}] : []) } as unknown as Alertmanager;
  const prometheus = {
    rawSamples: (selector: string, windowMs: number) => {
      asked.push(selector);
      if (firedUntilMs === undefined) return Promise.reject(new Fault('stack/unreachable', 'nobody is there'));
      return Promise.resolve(nowMs - windowMs <= firedUntilMs ? [{ labels: {}, samples: [] }] : []);
    },
  } as unknown as Prometheus;
  const others = await untilAlone(
    { name: 'Lamp', groupIntervalMs: evaluatedEveryMs },
    group,
    contextWith({ grade: 'routed', clock, alertmanager: () => alertmanager, prometheus: () => prometheus }),
  );
  return { others, tookMs: nowMs, asked };
}

describe('waiting for an alert to be alone', () => {
  it('takes no time where there is no other', async () => {
    expect(await wait(single, {})).toEqual({ others: 0, tookMs: 0, asked: [] });
  });

  it('lasts until the group was told that the others are over', async () => {
    const { others, tookMs } = await wait(single, { othersUntilMs: 10_000 });
    expect(others).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(15_000);
    expect(tookMs).toBeLessThan(15_500);
  });

  it('lasts until each member of a cluster has had its turn', async () => {
    const { tookMs } = await wait(clusterOfThree, { othersUntilMs: 10_000, firedUntilMs: 10_000 - evaluatedEveryMs });
    expect(tookMs).toBeGreaterThanOrEqual(10_000 + clusterTellsWithinMs);
    expect(tookMs).toBeLessThan(10_500 + clusterTellsWithinMs);
  });

  it('goes on while a cluster may still be telling the end of one that nobody sees any more', async () => {
    const { others, tookMs, asked } = await wait(clusterOfThree, { firedUntilMs: -1_000 });
    expect(others).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(clusterTellsWithinMs - 1_000);
    expect(tookMs).toBeLessThan(500 + clusterTellsWithinMs + evaluatedEveryMs);
    expect(asked[0]).toBe('ALERTS{alertname="Lamp",alertstate="firing"}');
  });

  it('goes on where the last evaluation at which it fired is long ago by now', async () => {
    const { tookMs } = await wait(clusterOfThree, { firedUntilMs: -clusterTellsWithinMs });
    expect(tookMs).toBeGreaterThanOrEqual(clusterTellsWithinMs);
  });

  it('takes no time where the rule fired long ago, or nobody can say whether it did', async () => {
    expect(await wait(clusterOfThree, { firedUntilMs: -clusterTellsWithinMs - evaluatedEveryMs - 1 })).toMatchObject({
      others: 0,
      tookMs: 0,
    });
    expect(await wait(clusterOfThree, {})).toMatchObject({ others: 0, tookMs: 0 });
  });

  it('ends after a minute of others, with their number', async () => {
    expect(await wait(clusterOfThree, { othersUntilMs: 10 * 60_000, firedUntilMs: 10 * 60_000 })).toMatchObject({
      others: 2,
      tookMs: 60_000,
    });
  });
});
