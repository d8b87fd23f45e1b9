import type { Ending, MissedWhy } from './job.ts';

/** What became of every slot that was due: due = ran + missed + waiting, and ran = done + threw + aborted + running. */
export interface Tally {
  readonly due: number;
  readonly ran: number;
  readonly running: number;
  readonly waiting: number;
  readonly ended: Readonly<Record<Ending['how'], number>>;
  readonly missed: Readonly<Record<MissedWhy, number>>;
}

export interface Counts {
  due: number;
  ran: number;
  readonly ended: Record<Ending['how'], number>;
  readonly missed: Record<MissedWhy, number>;
}

export function noCounts(): Counts {
  return {
    due: 0,
    ran: 0,
    ended: { done: 0, threw: 0, aborted: 0 },
    missed: {
      'still-running': 0,
      'no-room': 0,
      maintenance: 0,
      suspended: 0,
      'held-up': 0,
      'clock-jumped': 0,
      'not-running': 0,
      stopped: 0,
      removed: 0,
    },
  };
}
