import type { Clock } from '../../base/clock.ts';

/** Does something again and again until it is disposed of, never twice at once. What it throws is a bug. */
export function repeatedly(everyMs: number, clock: Clock, work: () => void | Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const going = (async () => {
    for (;;) {
      try {
        await clock.sleep(everyMs, stop.signal);
      } catch {
        return;
      }
      await work();
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await going;
    },
  };
}
