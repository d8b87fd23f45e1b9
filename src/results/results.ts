import type { Place } from '../base/fault.ts';
import type { Check } from '../check/check.ts';
import type { Outcome } from '../check/outcome.ts';

/** What `liveproof check` found: every check that was wanted, run once. */
export interface Results {
  readonly project: string;
  /** Where the checks were run from. */
  readonly place: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly checks: readonly CheckResult[];
}

/** One check and how it ended, without secrets. */
export interface CheckResult extends Pick<Check, 'name' | 'statement' | 'probe' | 'tags' | 'severity' | 'runbook'> {
  readonly status: Outcome['status'];
  readonly reasons: readonly string[];
  readonly startedAt: string;
  /** Of the last attempt. */
  readonly durationMs: number;
  readonly attempts: number;
  /** The files of its evidence, such as screenshots. */
  readonly evidence: readonly string[];
  /** Where it stands. */
  readonly declaredAt?: Place | undefined;
}

/** What all of them come to: a failure counts more than what could not be told. */
export function statusOf(checks: readonly Pick<CheckResult, 'status'>[]): Outcome['status'] {
  if (checks.some(({ status }) => status === 'fail')) return 'fail';
  return checks.some(({ status }) => status === 'error') ? 'error' : 'pass';
}

/** When it ended, for formats that want it. */
export function finishedAtMs({ startedAt, durationMs }: Pick<CheckResult, 'startedAt' | 'durationMs'>): number {
  return Date.parse(startedAt) + Math.round(durationMs);
}
