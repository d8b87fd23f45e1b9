import type { Clock } from '../base/clock.ts';
import type { TimeLine } from './time-line.ts';

/** The pauses of a loop, one after the other; what comes up meanwhile ends the one at hand. */
export interface Naps {
  take(ms: number): Promise<void>;
  /** Ends the nap at hand if it would go on beyond this moment of the time line. */
  endBy(atMs: number): void;
  end(): void;
  /** By how much the last one is, at this moment, longer than it was to be. */
  overdueMs(nowMs: number): number;
}

export function createNaps(clock: Clock, line: Pick<TimeLine, 'nowMs'>): Naps {
  let nap: { readonly untilMs: number; readonly controller: AbortController } | undefined;
  const end = (): void => nap?.controller.abort();
  return {
    take: async (ms) => {
      const controller = new AbortController();
      nap = { untilMs: line.nowMs() + ms, controller };
      await clock.sleep(ms, controller.signal).catch(() => undefined);
    },
    endBy: (atMs) => {
      if (nap !== undefined && atMs < nap.untilMs) end();
    },
    end,
    overdueMs: (nowMs) => (nap === undefined ? 0 : nowMs - nap.untilMs),
  };
}
