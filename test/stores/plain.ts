import { expect } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import type { Result } from '../../src/check/result.ts';
import { relativeError } from '../../src/store/histogram.ts';
import type { Span, Summary } from '../../src/store/store.ts';

/** Not the beginning of an hour, a day or 32 days. */
export const startMs = Date.UTC(2026, 0, 31, 22, 17, 5);

export function aResult(its: Partial<Result>): Result {
  return {
    check: 'a check',
    place: 'here',
    dueAtMs: startMs,
    lateMs: 1.5,
    durationMs: 120.125,
    status: 'pass',
    reasons: [],
    attempts: 1,
    observation: sha256(JSON.stringify(its)),
    ...its,
  };
}

/** What a store gives back of results, in its order. */
export function kept(results: readonly Result[]): readonly Result[] {
  return results
    .toSorted((a, b) => a.dueAtMs - b.dueAtMs)
    .map((result) => ({
      ...result,
      observation: result.observation === undefined ? undefined : (expect.stringMatching(beginningOf(result.observation)) as string),
    }));
}

/** At least 128 bits of a digest. */
function beginningOf(digest: string): RegExp {
  return new RegExp(`^${digest.slice(0, 32)}(?:${digest.slice(32)})?$`);
}

/** The plain computation over all results: counts as they must be, and percentiles within the stated error. */
export function plainSummaries(results: readonly Result[], { fromMs, toMs }: Span): readonly Summary[] {
  const within = results.filter(({ dueAtMs }) => dueAtMs >= fromMs && dueAtMs < toMs);
  const byCheck = [...Map.groupBy(within, ({ check }) => check)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return byCheck.map(([check, own]) => {
    const count = (status: Result['status']): number => own.filter((each) => each.status === status).length;
    const told = count('pass') + count('fail');
    const durations = own.filter(({ status }) => status !== 'error').map(({ durationMs }) => durationMs);
    const inOrder = durations.toSorted((a, b) => a - b);
    const percentile = (share: number): number | undefined => near(inOrder[Math.ceil((share * 100 * inOrder.length) / 100) - 1]);
    return {
      check,
      passed: count('pass'),
      failed: count('fail'),
      errored: count('error'),
      uptime: told === 0 ? undefined : count('pass') / told,
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
      p99Ms: percentile(0.99),
    };
  });
}

/** Durations are kept in whole microseconds: half of one may be added to the error. */
function near(exact: number | undefined): number | undefined {
  if (exact === undefined) return undefined;
  return expect.toSatisfy(
    (value: unknown) => typeof value === 'number' && Math.abs(value - exact) <= exact * relativeError + 0.000_51,
  ) as number;
}
