import type { Check } from '../../check/check.ts';
import type { Fault } from '../../base/fault.ts';
import type { Result } from '../../check/result.ts';
import type { ScheduleEvent } from '../../schedule/job.ts';
import type { MachineTrouble } from '../../schedule/machine.ts';
import type { KeptEvent } from '../kept.ts';
import type { BeliefChange } from './beliefs.ts';

/** What the daemon tells while it runs. */
export type WatchEvent =
  | BeliefChange
  | { readonly type: 'result'; readonly check: Check; readonly result: Result }
  | Exclude<ScheduleEvent, { readonly type: 'started' | 'ended' }>
  /** A bug of ours in one run; the others go on. */
  | { readonly type: 'threw'; readonly check: string; readonly error: unknown }
  | Extract<KeptEvent, { readonly type: 'not-opened' | 'not-closed' }>
  | { readonly type: 'store-failing'; readonly because: string }
  | { readonly type: 'store-well-again'; readonly waiting: number }
  | { readonly type: 'dropped'; readonly results: number }
  | { readonly type: 'evidence-failed' | 'retention-failed' | 'otlp-failed'; readonly because: string }
  | { readonly type: 'otlp-well-again' }
  /** What is wrong with the machine from now on; nothing when it is well again. */
  | { readonly type: 'machine'; readonly troubles: readonly MachineTrouble[] }
  | { readonly type: 'removed'; readonly results: number }
  | { readonly type: 'reloaded'; readonly checks: number; readonly needsRestart: readonly string[] }
  | { readonly type: 'refused'; readonly faults: readonly Fault[] }
  /** The names of those that nothing ever runs here. */
  | { readonly type: 'without-interval'; readonly checks: readonly string[] }
  | { readonly type: 'summary'; readonly summary: WatchSummary };

/** How things stand, and what has happened since it was last told. */
export interface WatchSummary {
  readonly failing: number;
  readonly well: number;
  readonly unknown: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly missed: number;
  readonly waitingResults: number;
}
