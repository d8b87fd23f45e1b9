import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock.ts';

/** A clock that goes on only when it is told to, with everything that happens to clocks. */
export interface TestClock extends Clock {
  uptimeMs(): number;
  /** Time passes; whoever sleeps wakes when it is time. */
  advance(ms: number): Promise<void>;
  /** Somebody sets the wall clock, forward or (negative) back. */
  set(byMs: number): void;
  /** The machine sleeps: the monotonic clock stands still. */
  suspend(ms: number): void;
  /** The process does not get to run while all clocks go on. */
  holdUp(ms: number): void;
  /** How many are asleep. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export function createTestClock(wallStart: string): TestClock {
  let [monotonicMs, wallAheadMs, asleepMs] = [5_000, Date.parse(wallStart) - 5_000, 60_000];
  const sleepers = new Set<Sleeper>();
  const rest = (): Promise<void> => setImmediate();
  return {
    now: () => new Date(monotonicMs + wallAheadMs),
    monotonicMs: () => monotonicMs,
    uptimeMs: () => monotonicMs + asleepMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { untilMs: monotonicMs + ms, wake: resolve };
      const onAbort = (): void => reject(signal?.reason as Error);
      sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        await promise;
      } finally {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    advance: async (ms) => {
      const untilMs = monotonicMs + ms;
      for (;;) {
        await rest();
        const next = [...sleepers].toSorted((a, b) => a.untilMs - b.untilMs)[0];
        if (next === undefined || next.untilMs > untilMs) break;
        monotonicMs = Math.max(monotonicMs, next.untilMs);
        next.wake();
      }
      monotonicMs = untilMs;
      await rest();
    },
    set: (byMs) => void (wallAheadMs += byMs),
    suspend: (ms) => {
      wallAheadMs += ms;
      asleepMs += ms;
    },
    holdUp: (ms) => void (monotonicMs += ms),
    get sleepers() {
      return sleepers.size;
    },
  };
}
