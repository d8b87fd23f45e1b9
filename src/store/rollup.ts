import type { Outcome } from '../check/outcome.ts';
import { bucketCount, percentile } from './histogram.ts';
import type { Span, Summary } from './store.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
export const fortnightMs = 14 * dayMs;

/** What is known of the results of one span: how many there were, and how long they took by bucket and count, in the order of buckets. */
export interface Rollup {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

/** Rolls results up. An error says nothing about the target: it has no bucket. */
export function rollUp(results: readonly { readonly status: Outcome['status']; readonly bucket: number }[]): Rollup {
  const counts = { pass: 0, fail: 0, error: 0 };
  const buckets: number[] = [];
  for (const { status, bucket } of results) {
    counts[status]++;
    if (status !== 'error') buckets.push(bucket);
  }
  buckets.sort((a, b) => a - b);
  const counted: [number, number][] = [];
  for (const bucket of buckets) {
    const last = counted.at(-1);
    if (last?.[0] === bucket) last[1]++;
    else counted.push([bucket, 1]);
  }
  return { passed: counts.pass, failed: counts.fail, errored: counts.error, buckets: counted };
}

/** The rollup of both; neither is changed. */
export function merge(a: Rollup, b: Rollup): Rollup {
  const buckets: (readonly [number, number])[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const [one, other] = [a.buckets[left], b.buckets[right]];
    if (one === undefined || other === undefined) break;
    if (one[0] === other[0]) buckets.push([one[0], one[1] + other[1]]);
    else buckets.push(one[0] < other[0] ? one : other);
    if (one[0] <= other[0]) left++;
    if (other[0] <= one[0]) right++;
  }
  buckets.push(...a.buckets.slice(left), ...b.buckets.slice(right));
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, errored: a.errored + b.errored, buckets };
}

/** Counts that a query adds up in place: thousands of rollups are in one summary. */
export interface Tally {
  passed: number;
  failed: number;
  errored: number;
  readonly counts: Float64Array;
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, errored: 0, counts: new Float64Array(bucketCount) };
}

/** Adds one result, or several alike. */
export function count(tally: Tally, status: Outcome['status'], bucket: number, times = 1): void {
  if (status === 'error') {
    tally.errored += times;
    return;
  }
  if (status === 'pass') tally.passed += times;
  else tally.failed += times;
  tally.counts[bucket] = (tally.counts[bucket] ?? 0) + times;
}

export function summaryOf(check: string, { passed, failed, errored, counts }: Tally): Summary {
  const told = passed + failed;
  return {
    check,
    passed,
    failed,
    errored,
    uptime: told === 0 ? undefined : passed / told,
    p50Ms: percentile(counts, told, 0.5),
    p95Ms: percentile(counts, told, 0.95),
    p99Ms: percentile(counts, told, 0.99),
  };
}

/** Stretches that together are one span, each as long as can be: whole fortnights, days, hours, minutes, and what is left of a minute. Numbers count from the epoch. */
export interface Cover {
  readonly fortnights: readonly Stretch[];
  readonly days: readonly Stretch[];
  readonly hours: readonly Stretch[];
  readonly minutes: readonly Stretch[];
  readonly rest: readonly Span[];
}

/** `to` is not within. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function cover({ fromMs, toMs }: Span): Cover {
  const fortnights = within({ from: fromMs, to: toMs }, fortnightMs);
  const days = fortnights.edges.map((edge) => within(edge, dayMs));
  const hours = days.flatMap(({ edges }) => edges).map((edge) => within(edge, hourMs));
  const minutes = hours.flatMap(({ edges }) => edges).map((edge) => within(edge, minuteMs));
  return {
    fortnights: fortnights.whole,
    days: days.flatMap(({ whole }) => whole),
    hours: hours.flatMap(({ whole }) => whole),
    minutes: minutes.flatMap(({ whole }) => whole),
    rest: minutes.flatMap(({ edges }) => edges).map(({ from, to }) => ({ fromMs: from, toMs: to })),
  };
}

/** The whole units of a stretch of milliseconds, and the milliseconds at its edges. */
function within({ from, to }: Stretch, unitMs: number): { readonly whole: readonly Stretch[]; readonly edges: readonly Stretch[] } {
  if (from >= to) return { whole: [], edges: [] };
  const first = Math.ceil(from / unitMs);
  const end = Math.floor(to / unitMs);
  if (first >= end) return { whole: [], edges: [{ from, to }] };
  const edges = [
    { from, to: first * unitMs },
    { from: end * unitMs, to },
  ];
  return { whole: [{ from: first, to: end }], edges: edges.filter((edge) => edge.from < edge.to) };
}
