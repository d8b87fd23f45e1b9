import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { onDemand } from '../../src/check/check.ts';
import type { Heartbeat, HeartbeatReader } from '../../src/check/heartbeat.ts';
import { runCheck } from '../../src/check/run.ts';
import heartbeat from '../../src/probes/heartbeat.ts';

const seconds = 1_000;
const minutes = 60 * seconds;
const every = '5m';

async function run(received: { listeningForMs: number; last?: Heartbeat } | undefined, grace = '30s') {
  const asked: string[] = [];
  const reader: HeartbeatReader = {
    last: (name) => {
      asked.push(name);
      return Promise.resolve(received ?? { listeningForMs: 0 });
    },
  };
  const options = heartbeat.options.parse({ name: 'backup', expectEvery: every, grace });
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: 'heartbeat', timeoutMs: 5_000, options };
  const context = {
    clock: systemClock,
    signal: new AbortController().signal,
    keep: () => Promise.reject(new Error('keeps nothing')),
    ...(received === undefined ? {} : { heartbeats: reader }),
  };
  const done = await runCheck(check, heartbeat, context);
  const readings = done.observation === undefined ? new Map() : heartbeat.readings?.(options, done.observation);
  return { ...done, asked, readings: Object.fromEntries(readings ?? []) };
}

describe('a heartbeat', () => {
  it('that came in time passes, and can be read', async () => {
    const { outcome, asked, readings } = await run({
      listeningForMs: 9 * minutes,
      last: { agoMs: 5 * minutes, status: 'ok', says: 'rows: 7' },
    });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(asked).toEqual(['backup']);
    expect(readings).toEqual({ age: { value: 5 * minutes, unit: 'ms' }, status: { value: 'ok' }, says: { value: 'rows: 7' } });
  });

  it('passes up to the end of its grace and fails after it', async () => {
    const at = (agoMs: number) => run({ listeningForMs: 9 * minutes, last: { agoMs, status: 'ok' } });
    expect((await at(5.5 * minutes)).outcome.status).toBe('pass');
    expect((await at(5.5 * minutes + 1)).outcome).toEqual({
      status: 'fail',
      reasons: ['the last heartbeat "backup" came 5m30s ago; one is expected every 5m with 30s of grace'],
    });
  });

  it('that never came fails once we have listened for long enough', async () => {
    expect((await run({ listeningForMs: 6 * minutes }, '0s')).outcome).toEqual({
      status: 'fail',
      reasons: ['no heartbeat "backup" has come yet in the 6m that we have listened; one is expected every 5m'],
    });
  });

  it('that may have been missed while nobody listened is an error and no accusation', async () => {
    expect((await run({ listeningForMs: 10 * seconds })).outcome).toEqual({
      status: 'error',
      reasons: ['no heartbeat "backup" has come yet, and nobody listened until 10s ago; one is expected every 5m with 30s of grace'],
    });
    expect((await run({ listeningForMs: 10 * seconds, last: { agoMs: 60 * minutes, status: 'failed' } })).outcome).toEqual({
      status: 'error',
      reasons: [
        'the last heartbeat "backup" came 1h ago and said that its sender failed, and nobody listened until 10s ago; ' +
          'one is expected every 5m with 30s of grace',
      ],
    });
  });

  it('whose sender says that it failed fails with its words', async () => {
    expect((await run({ listeningForMs: 9 * minutes, last: { agoMs: 20, status: 'failed', says: 'disk\nfull' } })).outcome).toEqual({
      status: 'fail',
      reasons: ['the heartbeat "backup" of 20ms ago says that its sender failed: disk full'],
    });
    const long = await run({ listeningForMs: 9 * minutes, last: { agoMs: 20, status: 'failed', says: 'x'.repeat(100_000) } });
    expect(long.outcome.reasons.join('').length).toBeLessThan(700);
  });

  it('is an error where nobody receives heartbeats', async () => {
    expect((await run(undefined)).outcome).toEqual({
      status: 'error',
      reasons: ['no daemon receives heartbeats here (`liveproof watch` receives them)'],
    });
  });
});
