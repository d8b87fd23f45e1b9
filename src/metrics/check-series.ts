import type { Check } from '../check/check.ts';
import type { Measure } from '../check/measure.ts';
import type { Result } from '../check/result.ts';
import { catalogue } from './catalogue.ts';
import { measureMetrics } from './catalogue/checks.ts';
import type { CounterMetric, GaugeMetric } from './metric.ts';
import type { Registry } from './registry.ts';
import type { Labels, Sample } from './series.ts';
import { createHistogram, type Histogram } from './counting.ts';

/** What is known of one check; its series are made of it when somebody asks. */
interface Known {
  readonly labels: Labels;
  readonly results: Record<Result['status'], number>;
  retries: number;
  readonly durations: Histogram;
  failing?: boolean | undefined;
  last?: { readonly result: Result; readonly measures: readonly Measure[] };
}

const statuses = ['pass', 'fail', 'error'] as const;
/** Made once: they stand in three lines of every check. */
const labelsOfStatus = { pass: { status: 'pass' }, fail: { status: 'fail' }, error: { status: 'error' } } as const;

/** The series of the checks. */
export function checkSeries(registry: Registry, place: string) {
  const checks = new Map<string, Known>();
  const told = ({ last }: Known): Result | undefined => (last?.result.status === 'error' ? undefined : last?.result);
  /** A metric with one series for each check that has something to tell. */
  const each = (metric: CounterMetric | GaugeMetric, valueOf: (known: Known) => number | undefined): void =>
    registry.looked({
      metric,
      *look() {
        for (const known of checks.values()) {
          const value = valueOf(known);
          if (value !== undefined) yield { labels: known.labels, value };
        }
      },
    });

  each(catalogue.success, (known) => flag(told(known) && told(known)?.status === 'pass'));
  each(catalogue.duration, (known) => inSeconds(told(known)?.durationMs));
  each(catalogue.error, ({ last }) => flag(last && last.result.status === 'error'));
  each(catalogue.failing, ({ failing }) => flag(failing));
  each(catalogue.lastResult, ({ last }) => inSeconds(last && endOf(last.result)));
  registry.looked({
    metric: catalogue.results,
    *look() {
      for (const { labels, results } of checks.values()) {
        for (const status of statuses) yield { labels, more: labelsOfStatus[status], value: results[status] };
      }
    },
  });
  each(catalogue.retries, ({ retries }) => retries);
  registry.looked({
    metric: catalogue.durations,
    *look() {
      for (const { labels, durations } of checks.values()) yield { labels, ...durations.seen() };
    },
  });
  for (const metric of Object.values(measureMetrics)) registry.looked({ metric, look: () => measured(checks.values(), metric.name) });

  return {
    declare: (declared: readonly Check[]): void => {
      const wanted = new Map(declared.map((check) => [check.name, labelsOf(check, place)]));
      for (const [name, { labels }] of checks) {
        const next = wanted.get(name);
        if (next === undefined || !isSame(labels, next)) checks.delete(name);
      }
      for (const [name, labels] of wanted) if (!checks.has(name)) checks.set(name, newlyKnown(labels));
    },
    result: (result: Result, measures: readonly Measure[]): void => {
      const known = checks.get(result.check);
      // Its check was taken out of the project while it ran.
      if (known === undefined) return;
      known.last = { result, measures: result.status === 'error' ? [] : measures };
      known.results[result.status] += 1;
      known.retries += result.attempts - 1;
      if (result.status !== 'error') known.durations.observe(result.durationMs / 1000);
    },
    believe: (check: string, failing: boolean | undefined): void => {
      const known = checks.get(check);
      if (known !== undefined) known.failing = failing;
    },
  };
}

/** Counts begin at zero and not with the first run, so that the first failure is an increase. */
function newlyKnown(labels: Labels): Known {
  return { labels, results: { pass: 0, fail: 0, error: 0 }, retries: 0, durations: createHistogram(catalogue.durations.buckets) };
}

function* measured(checks: Iterable<Known>, name: string): Generator<Sample> {
  for (const { labels, last } of checks) {
    for (const { metric, phase, value } of last?.measures ?? []) {
      if (metric === name) yield { labels, more: phase === undefined ? undefined : { phase }, value };
    }
  }
}

function labelsOf({ name, probe, severity = '' }: Check, place: string): Labels {
  return { check: name, place, probe, severity };
}

function isSame(a: Labels, b: Labels): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === value);
}

function endOf({ dueAtMs, lateMs, durationMs }: Result): number {
  return dueAtMs + lateMs + durationMs;
}

function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
