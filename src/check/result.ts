import type { Sha256 } from '../base/digest.ts';
import type { Outcome } from './outcome.ts';

/** One scheduled run of a check as the store keeps it. Times since the epoch and durations in milliseconds. */
export interface Result {
  readonly check: string;
  /** Where it was run from. */
  readonly place: string;
  /** When it was due. */
  readonly dueAtMs: number;
  /** How much later it began. */
  readonly lateMs: number;
  readonly durationMs: number;
  readonly status: Outcome['status'];
  readonly reasons: readonly string[];
  /** 1 when it was not tried again. */
  readonly attempts: number;
  /** Of the recorded facts of the last attempt; absent when the probe itself could not run. */
  readonly observation?: Sha256 | undefined;
}
