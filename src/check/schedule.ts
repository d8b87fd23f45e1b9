/** When a check runs, as data; what is due when is worked out in the schedule's room. Durations in milliseconds. */
export type Schedule =
  | { readonly type: 'every'; readonly everyMs: number }
  /** Five or six fields (with seconds), in a time zone of the IANA database. */
  | { readonly type: 'cron'; readonly expression: string; readonly timeZone: string }
  /** Again as soon as the last run has ended, and a pause. */
  | { readonly type: 'continuous'; readonly pauseMs: number }
  /** One after the other, counted from a moment; the last may be without end. */
  | { readonly type: 'phases'; readonly since: 'start' | 'deployment'; readonly phases: readonly Phase[] }
  /** Only when somebody asks for it. */
  | { readonly type: 'on-demand' };

export interface Phase {
  /** How long it lasts; to the end of days when left out. */
  readonly forMs?: number | undefined;
  readonly schedule: Exclude<Schedule, { readonly type: 'phases' }>;
}

/** A time in which a check is not run, and why. */
export type MaintenanceWindow = { readonly because: string } & (
  | { readonly type: 'once'; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'again'; readonly expression: string; readonly timeZone: string; readonly lastsMs: number }
);
