import { expect, it } from 'vitest';
import { watchMachine } from '../../../src/app/machine/watch.ts';
import type { MachineObservation } from '../../../src/schedule/machine.ts';
import { createTestClock } from '../../schedule/test-clock.ts';
import { wellMachine } from '../../schedule/well-machine.ts';

const { signal } = new AbortController();

function watched() {
  const clock = createTestClock('2026-11-22T12:00:00Z');
  const looks: number[] = [];
  const observe = (): Promise<MachineObservation> => {
    looks.push(clock.monotonicMs());
    return Promise.resolve({ ...wellMachine, fromMs: clock.monotonicMs(), toMs: clock.monotonicMs() });
  };
  return { clock, looks, watch: watchMachine({ observe }, clock) };
}

it('is looked at a few times a second at most, however many runs fail', async () => {
  const { clock, looks, watch } = watched();
  const told: Promise<unknown>[] = [];
  for (let run = 0; run < 600; run += 1) {
    told.push(watch.since(clock.monotonicMs(), signal));
    await clock.advance(10);
  }
  await clock.advance(1_000);
  await Promise.all(told);
  expect(looks.length).toBeGreaterThan(6);
  expect(looks.length).toBeLessThan(6 * 5);
});

it('is looked at after a run has ended, not before', async () => {
  const { clock, looks, watch } = watched();
  await watch.since(clock.monotonicMs(), signal);
  await clock.advance(10);
  const endedMs = clock.monotonicMs();
  const told = watch.since(endedMs - 5, signal);
  await clock.advance(1_000);
  await told;
  expect(looks.at(-1)).toBeGreaterThanOrEqual(endedMs);
});

it('goes on for the others when one who waits for it is stopped', async () => {
  const { clock, watch } = watched();
  await watch.since(clock.monotonicMs(), signal);
  const stop = new AbortController();
  const stopped = watch.since(clock.monotonicMs(), stop.signal);
  const other = watch.since(clock.monotonicMs() - 1, signal);
  stop.abort();
  await expect(stopped).rejects.toThrow('aborted');
  await clock.advance(1_000);
  expect((await other).troubles).toEqual([]);
});
