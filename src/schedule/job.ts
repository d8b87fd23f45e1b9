import type { MaintenanceWindow, Schedule } from '../check/schedule.ts';

/** Something that is run again and again. */
export interface Job {
  readonly id: string;
  readonly schedule: Schedule;
  /** Browsers are let in apart from the rest. */
  readonly weight: Weight;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Up to where (since the epoch) an earlier process has accounted for its slots; those since, of a week at most, are missed. */
  readonly accountedToMs?: number | undefined;
}

export type Weight = 'light' | 'heavy';

/** One start that was due. Times since the epoch by the wall clock, as it stood then. */
export interface Slot {
  readonly dueAtMs: number;
  /** How much later it began. */
  readonly lateMs: number;
  /** Somebody asked for it: no schedule did. */
  readonly asked: boolean;
}

/** Why a slot was not run. */
export type MissedWhy =
  /** The last run had not ended. */
  | 'still-running'
  /** The last slot still waits for room. */
  | 'no-room'
  | 'maintenance'
  /** The machine slept. */
  | 'suspended'
  /** The process was paused, or too busy to look. */
  | 'held-up'
  /** The wall clock was set forward past it. */
  | 'clock-jumped'
  /** No process was running then. */
  | 'not-running'
  /** It waited when the loop was told to stop. */
  | 'stopped'
  /** It waited when its job was taken away. */
  | 'removed';

export interface Missed {
  readonly type: 'missed';
  readonly id: string;
  readonly why: MissedWhy;
  /** In words, for whoever reads it. */
  readonly says: string;
  readonly count: number;
  /** The first and the last of them, since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** How a run ended: `threw` is a bug in it, told and no more; `aborted` when the loop stopped and its time of grace was up. */
export type Ending = { readonly how: 'done' } | { readonly how: 'threw'; readonly error: unknown } | { readonly how: 'aborted' };

export type ScheduleEvent =
  | { readonly type: 'started'; readonly id: string; readonly slot: Slot }
  | ({ readonly type: 'ended'; readonly id: string; readonly slot: Slot; readonly durationMs: number } & Ending)
  | Missed
  /** Negative when it was set back. */
  | { readonly type: 'clock-jumped'; readonly byMs: number }
  | { readonly type: 'suspended'; readonly forMs: number }
  | { readonly type: 'held-up'; readonly forMs: number }
  /** It did not end although it was aborted; nothing waits for it any more. */
  | { readonly type: 'abandoned'; readonly id: string; readonly slot: Slot };
