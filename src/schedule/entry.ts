import { accountedTo, type DueContext } from './due-context.ts';
import { nextDue } from './due.ts';
import type { Job } from './job.ts';

/** A job, and how far it has come. Times on the time line but where they are named otherwise. */
export interface Entry<Scheduled extends Job> {
  job: Scheduled;
  /** Slots up to here are accounted for: on the time line, and by the wall clock. */
  afterMs: number;
  afterWallMs: number;
  endedAtMs: number | undefined;
  /** The slot that waits for room. */
  waiting: Waiting | undefined;
  isRunning: boolean;
  isRemoved: boolean;
}

export interface Waiting {
  readonly dueMs: number;
  readonly asked: boolean;
}

/** What was missed for longer is not counted one by one. */
const longestAbsenceMs = 7 * 24 * 3_600_000;

/** What is the same for all jobs. */
export type Moment = Pick<DueContext, 'skewMs' | 'startedAtMs' | 'deployedAtMs'>;

export function newEntry<Scheduled extends Job>(job: Scheduled, nowMs: number, skewMs: number): Entry<Scheduled> {
  const leftOffMs = (job.accountedToMs ?? Number.POSITIVE_INFINITY) - skewMs;
  const accountedMs = Math.min(nowMs, Math.max(leftOffMs, nowMs - longestAbsenceMs));
  return {
    job,
    ...accountedTo(accountedMs, skewMs),
    endedAtMs: undefined,
    waiting: undefined,
    isRunning: false,
    isRemoved: false,
  };
}

export function contextOf(entry: Entry<Job>, moment: Moment): DueContext {
  const { job, afterMs, afterWallMs, endedAtMs, waiting, isRunning } = entry;
  return { name: job.id, afterMs, afterWallMs, endedAtMs, busy: isRunning || waiting !== undefined, ...moment };
}

/** A wall clock that is set forward by more was wrong before: what it jumped over was never due. */
const longestJumpMs = 3 * 3_600_000;

/** Where cron expressions go on when the wall clock was set by `jumpedMs`, to `nowWallMs`. */
export function followClock(entry: Entry<Job>, moment: Moment, nowWallMs: number, jumpedMs: number): void {
  if (jumpedMs > longestJumpMs) entry.afterWallMs = nowWallMs;
  if (entry.afterWallMs <= nowWallMs) return;
  // Set back by less than a period, the slot that has been is not due again; by more, waiting for it would be silence.
  const dueMs = nextDue(entry.job.schedule, contextOf(entry, moment));
  if (dueMs === undefined) return;
  const periodMs = dueMs + moment.skewMs - entry.afterWallMs;
  if (entry.afterWallMs - nowWallMs >= periodMs) entry.afterWallMs = nowWallMs;
}
