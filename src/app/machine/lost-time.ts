import type { Clock } from '../../base/clock.ts';

/** Counts for how long this process could not turn to its work: it was busy, starved or stopped. */
export interface LostTime extends Disposable {
  /** In all, up to now. */
  inAllMs(): number;
}

const everyMs = 50;
/** Timers are late by so much on a machine that is well. */
const usualMs = 5;

/** A timer of our own: the histogram of perf_hooks does not count the stall that it begins in, nor the one that is not over. */
export function countLostTime(clock: Clock): LostTime {
  let lostMs = 0;
  let lastMs = clock.monotonicMs();
  const tick = (): void => {
    const nowMs = clock.monotonicMs();
    const lateMs = nowMs - lastMs - everyMs;
    if (lateMs > usualMs) lostMs += lateMs;
    lastMs = nowMs;
  };
  const timer = setInterval(tick, everyMs).unref();
  return {
    inAllMs: () => {
      tick();
      return lostMs;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
