import type { Clock } from '../../base/clock.ts';
import type { Check } from '../../check/check.ts';
import { isScheduled } from './watched-checks.ts';

export interface FirstRoundOptions {
  readonly clock: Clock;
  /** Those of now: a reload changes them. */
  checks(): readonly Check[];
  tell(): void;
}

/** A check that hangs, or runs once a day, keeps nobody waiting for longer. */
const longestMs = 60_000;

/** Tells once that every check that has an interval has ended once, whatever came of it: whoever has just started the daemon wants to know that it works. */
export function followFirstRound({ clock, checks, tell }: FirstRoundOptions): AsyncDisposable & { ended(name: string): void } {
  const ended = new Set<string>();
  const stop = new AbortController();
  const over = (): void => {
    if (stop.signal.aborted) return;
    stop.abort();
    tell();
  };
  const overIfAllEnded = (): void => {
    if (checks().every((check) => !isScheduled(check) || ended.has(check.name))) over();
  };
  const waiting = clock.sleep(longestMs, stop.signal).then(over, () => undefined);
  overIfAllEnded();
  return {
    ended: (name) => {
      if (stop.signal.aborted) return;
      ended.add(name);
      overIfAllEnded();
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await waiting;
    },
  };
}
