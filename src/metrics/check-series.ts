import type { Check } from '../check/check.ts';
import type { Measure } from '../check/measure.ts';
import type { Result } from '../check/result.ts';
import { catalogue } from './catalogue.ts';
import { measureMetrics } from './catalogue/checks.ts';
import type { Labels, OwnRegistry, Sample } from './registry.ts';

/** What is known of one check; its gauges are made of it when somebody asks. */
interface Known {
  readonly labels: Labels;
  failing?: boolean | undefined;
  last?: { readonly result: Result; readonly measures: readonly Measure[] };
}

const statuses = ['pass', 'fail', 'error'] as const;

/** The series of the checks. */
export function checkSeries(registry: OwnRegistry, place: string) {
  const checks = new Map<string, Known>();
  const gaugeOf = (metric: (typeof catalogue)['success'], look: (known: Known) => number | undefined): void =>
    registry.gauge(metric, () =>
      [...checks.values()].flatMap((known): readonly Sample[] => {
        const value = look(known);
        return value === undefined ? [] : [{ labels: known.labels, value }];
      }),
    );
  const told = ({ last }: Known): Result | undefined => (last?.result.status === 'error' ? undefined : last?.result);

  gaugeOf(catalogue.success, (known) => flag(told(known) && told(known)?.status === 'pass'));
  gaugeOf(catalogue.duration, (known) => inSeconds(told(known)?.durationMs));
  gaugeOf(catalogue.error, ({ last }) => flag(last && last.result.status === 'error'));
  gaugeOf(catalogue.failing, ({ failing }) => flag(failing));
  gaugeOf(catalogue.lastResult, ({ last }) => inSeconds(last && endOf(last.result)));
  const results = registry.counter(catalogue.results);
  const retries = registry.counter(catalogue.retries);
  const durations = registry.histogram(catalogue.durations);
  for (const metric of Object.values(measureMetrics)) {
    registry.gauge(metric, () =>
      [...checks.values()].flatMap(({ labels, last }) =>
        (last?.measures ?? [])
          .filter((measure) => measure.metric === metric.name)
          .map(({ value, phase }) => ({ labels: phase === undefined ? labels : { ...labels, phase }, value })),
      ),
    );
  }

  const forget = (labels: Labels): void => {
    for (const status of statuses) results.remove({ ...labels, status });
    retries.remove(labels);
    durations.remove(labels);
  };

  return {
    declare: (declared: readonly Check[]): void => {
      const wanted = new Map(declared.map((check) => [check.name, labelsOf(check, place)]));
      for (const [name, { labels }] of checks) {
        const next = wanted.get(name);
        if (next !== undefined && isSame(labels, next)) continue;
        forget(labels);
        checks.delete(name);
      }
      for (const [name, labels] of wanted) {
        if (checks.has(name)) continue;
        checks.set(name, { labels });
        // From zero on, so that the first failure is an increase.
        for (const status of statuses) results.inc({ ...labels, status }, 0);
        retries.inc(labels, 0);
        durations.zero(labels);
      }
    },
    result: (result: Result, measures: readonly Measure[]): void => {
      const known = checks.get(result.check);
      // Its check was taken out of the project while it ran.
      if (known === undefined) return;
      const { labels } = known;
      known.last = { result, measures: result.status === 'error' ? [] : measures };
      results.inc({ ...labels, status: result.status });
      if (result.attempts > 1) retries.inc(labels, result.attempts - 1);
      if (result.status !== 'error') durations.observe(labels, result.durationMs / 1000);
    },
    believe: (check: string, failing: boolean | undefined): void => {
      const known = checks.get(check);
      if (known !== undefined) known.failing = failing;
    },
  };
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
