import { abortable } from '../base/abortable.ts';
import type { Clock } from '../base/clock.ts';

export interface SharedLook<Seen> {
  /** What is seen there now, or was less than `everyMs` ago. */
  look(signal: AbortSignal): Promise<Seen>;
  /** Stops a look that is under way. */
  close(): void;
}

/**
 * One look at a destination for everybody who waits there: however many nonces are awaited on a channel, its provider is asked
 * once in `everyMs`. A look that failed is not kept.
 */
export function shareLooks<Seen>(take: (signal: AbortSignal) => Promise<Seen>, everyMs: number, clock: Clock): SharedLook<Seen> {
  const closing = new AbortController();
  let latest: { readonly atMs: number; readonly seen: Promise<Seen> } | undefined;
  return {
    look: async (signal) => {
      signal.throwIfAborted();
      if (latest === undefined || clock.monotonicMs() - latest.atMs >= everyMs) {
        // Not stopped with whoever happened to ask first: others wait for it as well.
        const mine = { atMs: clock.monotonicMs(), seen: take(closing.signal) };
        latest = mine;
        mine.seen.catch(() => {
          if (latest === mine) latest = undefined;
        });
      }
      return abortable(latest.seen, signal);
    },
    close: () => closing.abort(),
  };
}
