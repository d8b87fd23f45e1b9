import { formatDuration } from '../../base/duration.ts';
import { describeNetworkTrouble } from '../../check/network-trouble.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import { numberOf, shortfallOf } from './bounds.ts';
import type { PromqlObservation, PromqlResult, PromqlTrouble } from './observation.ts';
import type { PromqlOptions } from './options.ts';

const mostReasons = 5;

/** Prometheus being down or refusing a query says nothing of what it would have told: an error. */
export function judgePromql(options: PromqlOptions, { result, trouble, samples }: PromqlObservation): Outcome {
  const { expect, whenEmpty, fresh } = options;
  if (trouble !== undefined) return { status: 'error', reasons: [`Prometheus: ${describeTrouble(trouble)}`] };
  if (result === undefined) return { status: 'error', reasons: ['Prometheus: no result was recorded'] };
  if (samples?.trouble !== undefined)
    return { status: 'error', reasons: [`the age of ${fresh?.selector ?? ''}: ${describeTrouble(samples.trouble)}`] };
  const failed = [...seriesShortcomings(options, result), ...valueShortcomings(options, result), ...staleness(options, samples)];
  // Zero series may be just what is expected.
  const isEmpty = result.seriesCount === 0 && (expect.value !== undefined || lowestOf(expect.series) > 0);
  const empty = [
    ...(isEmpty ? ['the query gave no series at all'] : []),
    ...(result.notANumber > 0 && expect.value !== undefined ? [`${numbered(result.notANumber)} NaN, which is no number`] : []),
    ...(fresh !== undefined && samples?.seriesCount === 0 ? [`${fresh.selector} has no samples`] : []),
    ...(fresh !== undefined && samples === undefined ? [`the age of ${fresh.selector} was not asked`] : []),
  ];
  const reasons = [...empty, ...failed];
  if (reasons.length > 0) return { status: failed.length > 0 || whenEmpty === 'fail' ? 'fail' : 'error', reasons };
  // A partial answer of a clustered store may lack just what would have failed.
  if (result.warnings.length > 0) return { status: 'error', reasons: result.warnings.map((each) => `Prometheus warns: ${each}`) };
  return { status: 'pass', reasons: [] };
}

export function promqlReadings(_options: PromqlOptions, { durationMs, result, samples }: PromqlObservation): Readings {
  const least = result?.least === undefined ? undefined : numberOf(result.least);
  const most = result?.most === undefined ? undefined : numberOf(result.most);
  const only = result?.seriesCount === 1 ? least : undefined;
  const age = samples?.oldest?.ageSeconds;
  const finite = (name: string, value: number | undefined): (readonly [string, Reading])[] =>
    value === undefined || !Number.isFinite(value) ? [] : [[name, { value }]];
  return new Map<string, Reading>([
    ...(durationMs === undefined ? [] : [['query', { value: durationMs, unit: 'ms' }] as const]),
    ...(result === undefined ? [] : [['series', { value: result.seriesCount }] as const]),
    ...finite('value', only),
    ...finite('least', least),
    ...finite('most', most),
    ...(age === undefined ? [] : [['age', { value: age * 1_000, unit: 'ms' }] as const]),
  ]);
}

function seriesShortcomings({ expect: { series } }: PromqlOptions, { seriesCount }: PromqlResult): string[] {
  if (series === undefined || (seriesCount === 0 && lowestOf(series) > 0)) return [];
  const { atLeast, atMost } = typeof series === 'number' ? { atLeast: series, atMost: series } : series;
  const isGood = (atLeast === undefined || seriesCount >= atLeast) && (atMost === undefined || seriesCount <= atMost);
  if (isGood) return [];
  const least = atLeast === undefined ? [] : [`at least ${String(atLeast)}`];
  const most = atMost === undefined ? [] : [`at most ${String(atMost)}`];
  const wanted = atLeast === atMost ? String(atLeast) : [...least, ...most].join(' and ');
  return [`${String(seriesCount)} series, expected ${wanted}`];
}

function lowestOf(series: PromqlOptions['expect']['series']): number {
  return typeof series === 'number' ? series : (series?.atLeast ?? 0);
}

function valueShortcomings({ expect: { value: bounds } }: PromqlOptions, { series, seriesCount }: PromqlResult): string[] {
  if (bounds === undefined) return [];
  const short = series.flatMap(({ labels, value }) => {
    const expected = Number.isNaN(numberOf(value)) ? undefined : shortfallOf(value, bounds);
    return expected === undefined ? [] : [`${labels === '' || labels === '{}' ? 'the value' : labels} is ${value}, expected ${expected}`];
  });
  const rest = short.length - mostReasons;
  // Only so many series are recorded: when all of those fall short, others may too.
  const orMore = short.length === series.length && seriesCount > series.length ? 'at least ' : '';
  return rest > 0 ? [...short.slice(0, mostReasons), `and ${orMore}${String(rest)} more`] : short;
}

function staleness({ fresh }: PromqlOptions, samples: PromqlObservation['samples']): string[] {
  if (fresh === undefined || samples?.oldest === undefined) return [];
  const { labels, ageSeconds } = samples.oldest;
  if (ageSeconds * 1_000 <= fresh.within) return [];
  return [
    `the newest sample of ${labels} is ${formatDuration(Math.floor(ageSeconds * 1_000))} old, expected at most ${formatDuration(fresh.within)}`,
  ];
}

function describeTrouble(trouble: PromqlTrouble): string {
  return trouble.kind === 'no-result' ? trouble.says : describeNetworkTrouble(trouble);
}

function numbered(count: number): string {
  return count === 1 ? 'a value is' : `${String(count)} values are`;
}
