import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBeliefs } from '../../src/app/watch/beliefs.ts';
import { openHeartbeats } from '../../src/app/watch/heartbeats.ts';
import { createRecorder, type RecorderEvent } from '../../src/app/watch/recorder.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Outcome } from '../../src/check/outcome.ts';
import type { Result } from '../../src/check/result.ts';
import { checkNamed, resultOf } from '../metrics/sample.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

/** A place for results whose disk is full as long as `full` says so. */
function diskOf(full: () => boolean, mostWaiting = 3) {
  const stored: Result[] = [];
  const events: RecorderEvent[] = [];
  const add = (results: readonly Result[]): Promise<void> =>
    full() ? Promise.reject(new Error('no room')) : Promise.resolve(void stored.push(...results));
  const recorder = createRecorder({
    store: { add },
    clock: systemClock,
    mostWaiting,
    retryAfterMs: 5,
    tell: (event) => events.push(event),
  });
  return { recorder, events, due: () => stored.map(({ dueAtMs }) => dueAtMs) };
}

describe('what is to be stored', () => {
  it('is stored in the order in which it came', async () => {
    const { recorder, due } = diskOf(() => false, 100);
    for (const dueAtMs of [1, 2, 3, 4, 5]) recorder.add(resultOf({ dueAtMs }));
    await recorder.end(5_000);
    expect(due()).toEqual([1, 2, 3, 4, 5]);
    expect(recorder.waiting()).toBe(0);
  });

  it('waits while the store cannot be written; the oldest that do not fit are lost, and counted', async () => {
    let full = true;
    const { recorder, events, due } = diskOf(() => full);
    for (const dueAtMs of [1, 2, 3, 4, 5]) recorder.add(resultOf({ dueAtMs }));
    await waitUntil('a write has failed', () => recorder.trouble());
    expect(recorder.trouble()).toBe('no room');
    full = false;
    await waitUntil('all is stored', () => recorder.waiting() === 0);
    expect(recorder.trouble()).toBeUndefined();
    const dropped = events.reduce((sum, event) => sum + (event.type === 'dropped' ? event.results : 0), 0);
    expect(dropped).toBe(2);
    expect(due()).toEqual([3, 4, 5]);
  });

  it.each(['later', 'at the end'])('is stored also when it came just as the last write was over: %s', async (when) => {
    for (const turns of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const stored: number[] = [];
      const events: RecorderEvent[] = [];
      const first = Promise.withResolvers<void>();
      const add = (results: readonly Result[]): Promise<void> => {
        stored.push(...results.map(({ dueAtMs }) => dueAtMs));
        return stored.length === 1 ? first.promise : Promise.resolve();
      };
      const recorder = createRecorder({ store: { add }, clock: systemClock, tell: (event) => events.push(event) });
      recorder.add(resultOf({ dueAtMs: 1 }));
      const ending = when === 'at the end' ? recorder.end(5_000) : undefined;
      first.resolve();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      recorder.add(resultOf({ dueAtMs: 2 }));
      await waitUntil(`both are stored, the second after ${String(turns)} turns`, () => recorder.waiting() === 0, { withinMs: 1_000 });
      expect(stored).toEqual([1, 2]);
      await (ending ?? recorder.end(5_000));
      expect(events.some(({ type }) => type === 'dropped')).toBe(false);
    }
  });

  it('is told to be lost when it could not be stored until the end', async () => {
    const { recorder, events } = diskOf(() => true);
    recorder.add(resultOf());
    await recorder.end(20);
    expect(events.at(-1)).toEqual({ type: 'dropped', results: 1 });
  });
});

const check = checkNamed('home', { thresholds: { failAfter: 2, recoverAfter: 2 } });
const withStatus = (status: Outcome['status']): Result => resultOf({ status });

describe('what is believed', () => {
  it.each([
    [['pass', 'fail', 'fail'], ['failed']],
    [
      ['fail', 'fail', 'pass', 'pass'],
      ['failed', 'recovered'],
    ],
    [['pass', 'fail', 'pass', 'fail'], []],
    [['fail', 'error', 'fail'], ['failed']],
    [
      ['error', 'error', 'error', 'pass'],
      ['untold', 'told-again'],
    ],
    [['error', 'pass'], []],
    [
      ['error', 'error', 'fail', 'error', 'fail'],
      ['untold', 'told-again', 'failed'],
    ],
    // What is told again by what it turned out to be is told once.
    [
      ['fail', 'error', 'error', 'fail'],
      ['untold', 'failed'],
    ],
  ] as const)('changes with %j as told: %j', (statuses, changes) => {
    const beliefs = createBeliefs();
    expect(statuses.flatMap((status) => beliefs.take(check, withStatus(status))?.type ?? [])).toEqual(changes);
  });

  it.each([
    [['pass', 'fail', 'fail'], 'failing'],
    [['fail', 'fail', 'pass'], 'failing'],
    [['fail', 'fail', 'pass', 'error', 'fail', 'pass'], 'failing'],
    [['fail', 'fail', 'pass', 'pass'], 'well'],
    [['fail', 'fail', 'error', 'error', 'error'], 'failing'],
    [['pass', 'error'], 'well'],
    [['error'], 'unknown'],
    [[], 'unknown'],
  ] as const)('is recalled from %j as %s', async (statuses, state) => {
    const newestFirst = statuses.map(withStatus).toReversed();
    const beliefs = createBeliefs();
    await beliefs.recall(check, { latest: (_, count) => Promise.resolve(newestFirst.slice(0, count)) });
    expect(beliefs.of('home').state).toBe(state);
  });
});

describe('heartbeats', () => {
  it('outlive the process that took them', async () => {
    await using folder = await createTempFolder('heartbeats');
    const file = join(folder.path, 'heartbeats');
    const { signal } = new AbortController();
    const first = await openHeartbeats(file, systemClock);
    expect(await first.last('nightly', signal)).toEqual({ listeningForMs: expect.any(Number) as number });
    await Promise.all([
      first.take('nightly', 'ok'),
      first.take('weekly', 'failed', 'x'.repeat(9_000)),
      first.take('nightly', 'failed', 'disk full'),
    ]);
    const second = await openHeartbeats(file, systemClock);
    expect((await second.last('nightly', signal)).last).toMatchObject({ status: 'failed', says: 'disk full' });
    expect((await second.last('weekly', signal)).last?.says).toHaveLength(501);
  });

  it('come never from the future, also when the clock was set back meanwhile', async () => {
    await using folder = await createTempFolder('heartbeats');
    const file = join(folder.path, 'heartbeats');
    await writeFile(file, JSON.stringify({ nightly: { atMs: Date.now() + 1e9, status: 'ok' } }));
    const { last } = await (await openHeartbeats(file, systemClock)).last('nightly', new AbortController().signal);
    expect(last?.agoMs).toBe(0);
  });

  it('begin anew when their file is damaged', async () => {
    await using folder = await createTempFolder('heartbeats');
    const file = join(folder.path, 'heartbeats');
    await writeFile(file, '{"nightly": ');
    const heartbeats = await openHeartbeats(file, systemClock);
    await heartbeats.take('nightly', 'ok');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ nightly: { atMs: expect.any(Number) as number, status: 'ok' } });
  });
});
