import type { Schedule } from '../check/schedule.ts';
import { cronTimes } from './cron.ts';
import { accountedTo, type DueContext } from './due-context.ts';
import { nextInPhases } from './phases.ts';
import { spreadMs } from './spread.ts';

/** Starts of a continuous check lie so far apart, even when its runs end at once. */
const leastApartMs = 100;
/** First starts of continuous checks are spread over their pause, at most over this. */
const longestFirstWaitMs = 10_000;

/** The first slot after `context.afterMs`, on the time line; undefined when there is none, or none yet. */
export function nextDue(schedule: Schedule, context: DueContext): number | undefined {
  switch (schedule.type) {
    case 'every': {
      const offsetMs = spreadMs(context.name, schedule.everyMs);
      return (Math.floor((context.afterMs - offsetMs) / schedule.everyMs) + 1) * schedule.everyMs + offsetMs;
    }
    case 'cron': {
      const dueMs = cronTimes(schedule.expression, schedule.timeZone)(context.afterWallMs);
      return dueMs === undefined ? undefined : dueMs - context.skewMs;
    }
    case 'continuous': {
      if (context.busy) return undefined;
      const firstMs = context.startedAtMs + spreadMs(context.name, Math.min(schedule.pauseMs, longestFirstWaitMs));
      const dueMs = context.endedAtMs === undefined ? firstMs : context.endedAtMs + schedule.pauseMs;
      return Math.max(dueMs, context.afterMs + leastApartMs);
    }
    case 'phases':
      return nextInPhases(schedule, context, nextDue);
    case 'on-demand':
      return undefined;
  }
}

export interface Passed {
  readonly count: number;
  readonly firstMs: number;
  /** The same as the first when there is only one. */
  readonly beforeLastMs: number;
  readonly lastMs: number;
  /** The slot after them. */
  readonly nextMs: number | undefined;
}

/** The slots after `context.afterMs` up to `untilMs`; undefined when there is none. */
export function duePassed(schedule: Schedule, context: DueContext, untilMs: number): Passed | undefined {
  const firstMs = nextDue(schedule, context);
  if (firstMs === undefined || firstMs > untilMs) return undefined;
  let count = 1;
  let beforeLastMs = firstMs;
  let lastMs = firstMs;
  for (;;) {
    if (schedule.type === 'every') {
      const more = Math.floor((untilMs - lastMs) / schedule.everyMs);
      count += more;
      lastMs += more * schedule.everyMs;
      if (more > 0) beforeLastMs = lastMs - schedule.everyMs;
    }
    // What has just become due has not ended: nothing that follows on its end can be due with it.
    const nextMs = nextDue(schedule, { ...context, ...accountedTo(lastMs, context.skewMs), busy: true });
    if (nextMs === undefined || nextMs > untilMs) return { count, firstMs, beforeLastMs, lastMs, nextMs };
    count += 1;
    beforeLastMs = lastMs;
    lastMs = nextMs;
  }
}
