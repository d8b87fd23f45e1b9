import type { Thresholds } from './check.ts';
import type { Outcome } from './outcome.ts';

/** What is believed of a target after a row of outcomes. */
export interface Belief {
  /** `unknown` until the first pass, or the first row of failures that is long enough. */
  readonly state: 'unknown' | 'well' | 'failing';
  /** Failures since the last pass, and passes since the last failure: one of the two is 0. */
  readonly failures: number;
  readonly passes: number;
  /** Runs since the last one that told anything. They change nothing else: our own trouble says nothing about the target. */
  readonly errors: number;
}

export const nothingKnown: Belief = { state: 'unknown', failures: 0, passes: 0, errors: 0 };

/** What is believed after one more outcome. */
export function believe(before: Belief, status: Outcome['status'], { failAfter, recoverAfter }: Thresholds): Belief {
  if (status === 'error') return { ...before, errors: before.errors + 1 };
  const failures = status === 'fail' ? before.failures + 1 : 0;
  const passes = status === 'pass' ? before.passes + 1 : 0;
  const { state } = before;
  const counted = { failures, passes, errors: 0 };
  if (failures >= failAfter) return { ...counted, state: 'failing' };
  if (state === 'unknown' && passes > 0) return { ...counted, state: 'well' };
  return { ...counted, state: state === 'failing' && passes >= recoverAfter ? 'well' : state };
}

/** What a change of belief is called; undefined when it did not change, or there was none before. */
export function changeOf(before: Belief, after: Belief): 'failed' | 'recovered' | undefined {
  if (before.state === after.state) return undefined;
  if (after.state === 'failing') return 'failed';
  return before.state === 'failing' ? 'recovered' : undefined;
}
