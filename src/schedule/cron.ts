import { Cron } from 'croner';

/** Finds the first time after `afterMs` (since the epoch) at which a cron expression is due; undefined when there is none. */
export type CronTimes = (afterMs: number) => number | undefined;

interface Stretch {
  readonly fromMs: number;
  readonly nextMs: number | undefined;
}

const known = new Map<string, CronTimes>();
/** Expressions of a project that is loaded again and again do not pile up. */
const most = 10_000;
const mostFollowers = 20_000;

/**
 * Five or six fields (with seconds) in an IANA time zone. A time of day that a zone leaves out is due at the first time after the gap,
 * one that comes twice is due once; expressions that repeat within the hour go by the time that passes. Throws on an expression that is none.
 */
export function cronTimes(expression: string, timeZone: string): CronTimes {
  const key = `${timeZone} ${expression}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= most) known.clear();
  const made = makeCronTimes(expression, timeZone);
  known.set(key, made);
  return made;
}

function makeCronTimes(expression: string, timeZone: string): CronTimes {
  const cron = new Cron(expression, { timezone: timeZone, mode: '5-or-6-parts', paused: true });
  // The time zone is looked at only when a time is worked out.
  cron.nextRun(new Date(0));
  let last: Stretch | undefined;
  // Counting what was missed goes from slot to slot, and each check that shares the expression takes the same way.
  const followers = new Map<number, number | undefined>();
  return (afterMs) => {
    // Working out a time in a time zone takes a tenth of a millisecond: a thousand checks at the full minute would wait for each other.
    if (last !== undefined && afterMs >= last.fromMs && (last.nextMs === undefined || afterMs < last.nextMs)) return last.nextMs;
    const isKnown = followers.has(afterMs);
    // Croner counts in whole seconds and leaves out the one that it is given.
    const nextMs = isKnown ? followers.get(afterMs) : cron.nextRun(new Date(Math.floor(afterMs / 1000) * 1000))?.getTime();
    if (followers.size >= mostFollowers) followers.clear();
    if (!isKnown && afterMs === last?.nextMs) followers.set(afterMs, nextMs);
    last = { fromMs: afterMs, nextMs };
    return nextMs;
  };
}
