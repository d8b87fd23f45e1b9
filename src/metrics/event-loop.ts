import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 20;

/** Watches how late timers fire: a process that is busy measures the targets of its probes too slow. */
export function watchLoop(): { sinceLastAsked(): Readonly<Record<string, number>>; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return {
    sinceLastAsked: () => {
      // It counts from the start of its own timer, so that much is no lag.
      const seconds = (nanoseconds: number): number => (delay.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000));
      const seen = { p50: seconds(delay.percentile(50)), p99: seconds(delay.percentile(99)), max: seconds(delay.max) };
      delay.reset();
      return seen;
    },
    stop: () => void delay.disable(),
  };
}
