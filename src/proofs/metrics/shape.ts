import { rememberingEach } from '../../base/remembering.ts';
import type { Labels } from '../../stack/prometheus.ts';
import type { RequiredMetric } from './requirement.ts';

/** One series of a metric, on a page or in Prometheus. */
export interface NamedLabels {
  readonly name: string;
  readonly labels: Labels;
}

/** Labels that the format itself gives to the parts of a metric. */
const formatLabels = new Set(['le', 'quantile']);

/** Required labels that some series lack; an empty label is as good as none, Prometheus drops it. */
export function labelsMissing({ labels }: RequiredMetric, series: readonly NamedLabels[]): readonly { label: string; on: number }[] {
  return labels
    .map((label) => ({ label, on: series.filter((each) => (each.labels[label] ?? '') === '').length }))
    .filter(({ on }) => on > 0);
}

/** How the buckets of a histogram differ from the required ones; undefined when they do not. Without required ones `+Inf` alone must be there. */
export function bucketsWrong({ name, buckets }: RequiredMetric, series: readonly NamedLabels[]): string | undefined {
  const wanted = [...(buckets ?? []), Infinity];
  for (const group of groupsOf(series.filter((each) => each.name === `${name}_bucket`))) {
    const bounds = group.map(({ labels }) => boundOf(labels['le'] ?? '')).toSorted((a, b) => a - b);
    const lacking = wanted.filter((bound) => !bounds.includes(bound));
    const extra = buckets === undefined ? [] : bounds.filter((bound) => !wanted.includes(bound));
    if (lacking.length === 0 && extra.length === 0) continue;
    const parts = [
      ...(lacking.length === 0 ? [] : [`${lacking.map(formatBound).join(', ')} missing`]),
      ...(extra.length === 0 ? [] : [`${extra.map(formatBound).join(', ')} too many`]),
    ];
    return `${bounds.map(formatBound).join(', ')}; required ${wanted.map(formatBound).join(', ')} (${parts.join(', ')})`;
  }
  return undefined;
}

/** How many series a metric has, its parts and buckets not counted one by one. */
export function countSeries(series: readonly NamedLabels[]): number {
  return groupsOf(series).length;
}

/** Series that differ only in the labels of the format: all buckets of one histogram, all quantiles of one summary. */
export function groupsOf<Each extends NamedLabels>(series: readonly Each[]): readonly (readonly Each[])[] {
  return [...Map.groupBy(series, ({ labels }) => keyOf(labels)).values()];
}

/** A drill asks it of the same labels a hundred times. */
const keyOf = rememberingEach((labels: Labels): string => {
  const own = Object.entries(labels).filter(([label]) => !formatLabels.has(label) && label !== '__name__');
  return JSON.stringify(own.toSorted(([a], [b]) => (a < b ? -1 : 1)));
});

export function boundOf(le: string): number {
  return /^\+?inf$/i.test(le) ? Infinity : Number(le);
}

function formatBound(bound: number): string {
  return bound === Infinity ? '+Inf' : String(bound);
}

/** ` with the labels method, route`; empty for a metric without. */
export function withLabels({ labels }: RequiredMetric): string {
  return labels.length === 0 ? '' : ` with the label${labels.length === 1 ? '' : 's'} ${labels.join(', ')}`;
}

export function seriesCount(count: number): string {
  return count === 1 ? '1 series' : `${String(count)} series`;
}
