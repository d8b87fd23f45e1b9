import type { Entry } from './entry.ts';
import type { Job, MissedWhy, ScheduleEvent } from './job.ts';
import type { Counts } from './tally.ts';

/** Slots between two moments of the time line. */
export interface Slots {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Misses<Scheduled extends Job> {
  /** Counts slots that will not be run, and tells why. */
  many(entry: Entry<Scheduled>, why: MissedWhy, says: string, slots: Slots): void;
  one(entry: Entry<Scheduled>, why: MissedWhy, says: string, dueMs: number): void;
}

export interface MissesOptions {
  readonly counts: Counts;
  /** The time of day at a moment of the time line. */
  wallMs(atMs: number): number;
  tell(event: ScheduleEvent): void;
}

export function createMisses<Scheduled extends Job>({ counts, wallMs, tell }: MissesOptions): Misses<Scheduled> {
  const many: Misses<Scheduled>['many'] = ({ job: { id } }, why, says, { count, firstMs, lastMs }) => {
    counts.missed[why] += count;
    tell({ type: 'missed', id, why, says, count, fromMs: Math.round(wallMs(firstMs)), toMs: Math.round(wallMs(lastMs)) });
  };
  return { many, one: (entry, why, says, dueMs) => many(entry, why, says, { count: 1, firstMs: dueMs, lastMs: dueMs }) };
}
