import { uptime } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** Time as the rest of the code may see it; tests pass a clock of their own. */
export interface Clock {
  /** Wall-clock time: for records that people read. Never subtract two of these to get a duration. */
  now(): Date;
  /** Milliseconds on a clock that never jumps: for durations and deadlines. */
  monotonicMs(): number;
  /** Milliseconds since the machine began, those included in which it slept: it tells sleep from a wall clock that was set. */
  uptimeMs?(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1000,
  sleep: async (ms, signal) => {
    // The timers' own AbortError would hide why we stopped: a deadline and Ctrl-C carry different reasons.
    signal?.throwIfAborted();
    await delay(ms, undefined, signal === undefined ? undefined : { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  },
};
