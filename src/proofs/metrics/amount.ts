import type { Labels, Series } from '../../stack/prometheus.ts';
import { isOf, nameOfSeries, type MetricsRequirement, type Move, type RequiredMetric } from './requirement.ts';

/** How far a series moved, all that match added up. */
export interface Amount {
  readonly moved: number;
  /** Series that were not there before and so count from 0. */
  readonly born: number;
  /** A counter went down: the app began again in between, and what it counted between its last scrape and its end is lost. */
  readonly restarted: boolean;
}

/** The samples of one move. A series that has none from `baselineMs` on in `before` did not exist when the stimulus was made. */
export interface Looks {
  readonly baselineMs: number;
  readonly before: readonly Series[];
  readonly after: readonly Series[];
}

/** The increase of counters, or how far gauges went at most in the direction that is asked for. */
export function amountOf({ by }: Move, looks: Looks, type: RequiredMetric['type']): Amount {
  const isGauge = type === 'gauge';
  const down = typeof by === 'number' && by < 0;
  const existing = existingBefore(looks);
  const amounts = looks.after.map((series) => {
    const base = existing.find((each) => sameLabels(each.labels, series.labels))?.samples.at(-1);
    const values = series.samples
      .filter(([time]) => (base === undefined ? time >= looks.baselineMs : time > base[0]))
      .map(([, value]) => Number(value));
    const from = Number(base?.[1] ?? 0);
    const changes = values.map((value, index) => value - (values[index - 1] ?? from));
    const away = values.map((value) => value - from);
    return {
      moved: isGauge
        ? down
          ? Math.min(0, ...away)
          : Math.max(0, ...away)
        : sum(changes.map((change, index) => (change < 0 ? (values[index] ?? 0) : change))),
      born: base === undefined && values.length > 0 ? 1 : 0,
      restarted: !isGauge && changes.some((change) => change < 0),
    };
  });
  return {
    moved: sum(amounts.map(({ moved }) => moved)),
    born: sum(amounts.map(({ born }) => born)),
    restarted: amounts.some(({ restarted }) => restarted),
  };
}

export function hasReached({ by }: Move, { moved }: Amount): boolean {
  if (typeof by !== 'number') return moved >= by.atLeast;
  return by < 0 ? moved <= by : moved >= by;
}

/** Whether more came than an exact move allows: no further waiting can make that good. */
export function hasOvershot({ by }: Move, { moved }: Amount): boolean {
  return typeof by === 'number' && (by < 0 ? moved < by : moved > by);
}

/** The type of the metric that a move belongs to. */
export function typeOf({ metrics }: MetricsRequirement, { series }: Move): RequiredMetric['type'] {
  const owner = metrics.find((metric) => isOf(metric, nameOfSeries(series)));
  if (owner === undefined) throw new Error(`"${series}" belongs to no metric: the item's schema should have said so`);
  return owner.type;
}

export function sameLabels(a: Labels, b: Labels): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Those series that the scrape before the stimulus brought; others had ended, as those of an earlier life of the app. */
export function existingBefore({ baselineMs, before }: Pick<Looks, 'baselineMs' | 'before'>): readonly Series[] {
  return before.filter(({ samples }) => (samples.at(-1)?.[0] ?? -Infinity) >= baselineMs);
}

/** Their newest values, added up. */
export function newestTotal(series: readonly Series[]): number {
  return sum(series.map(({ samples }) => Number(samples.at(-1)?.[1] ?? 0)));
}
