import type { Schedule } from '../check/schedule.ts';
import { formatDuration } from '../base/duration.ts';
import type { Passed } from './due.ts';
import type { MissedWhy } from './job.ts';

/** What kept the loop from looking, if anything did. In milliseconds. */
export interface Gap {
  readonly sleptMs: number;
  readonly jumpedMs: number;
}

/** A slot may begin so much late after a hold-up: a tenth of its period, within these. What is later is missed, not made up for. */
const latestStart = { share: 0.1, leastMs: 1_000, mostMs: 60_000 } as const;

/** Whether the last of the slots that have passed is too late to be run still. */
export function isTooLate({ lastMs, nextMs }: Passed, nowMs: number): boolean {
  const periodMs = nextMs === undefined ? Number.POSITIVE_INFINITY : nextMs - lastMs;
  const { share, leastMs, mostMs } = latestStart;
  return nowMs - lastMs > Math.min(Math.max(periodMs * share, leastMs), mostMs);
}

/** Why a slot was not seen when it was due, and in words. */
export function whyLate(schedule: Schedule, dueMs: number, startedAtMs: number, nowMs: number, gap: Gap): [MissedWhy, string] {
  if (gap.jumpedMs > 0 && schedule.type !== 'every') {
    return ['clock-jumped', `the clock was set forward by ${formatDuration(gap.jumpedMs)}`];
  }
  if (dueMs <= startedAtMs) return ['not-running', 'nothing was running then'];
  if (gap.sleptMs > 0) return ['suspended', `the machine slept for ${formatDuration(gap.sleptMs)}`];
  return ['held-up', `this process was held up: it looked ${formatDuration(nowMs - dueMs)} late`];
}
