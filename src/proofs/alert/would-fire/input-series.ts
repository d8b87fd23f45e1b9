import { parsePromql } from '../../../stack/promql.ts';
import { selectorsOf } from '../../../stack/promql/selectors.ts';
import type { Labels } from '../../../stack/prometheus.ts';
import type { Situation, Stimulus } from '../requirement.ts';

/** A series of a promtool test in its own notation: `0+18x40` are 41 samples that start at 0 and grow by 18. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** A situation that lasts for a number of samples. */
export interface Phase {
  readonly situation: Situation;
  readonly samples: number;
}

/** What one real series does in a situation. */
type Behaviour = { readonly kind: 'counter'; readonly perSecond: number } | { readonly kind: 'gauge'; readonly value: number | 'NaN' };

export interface NamedSeries {
  readonly metric: string;
  readonly labels: Labels;
}

/** Writes situations that follow upon each other as series. A series that the next situation does not name goes stale. */
export function inputSeriesOf(phases: readonly Phase[], sampleEveryMs: number): readonly InputSeries[] {
  const behaviours = phases.map(({ situation }) => behavioursIn(situation));
  const names = new Set(behaviours.flatMap((behaviour) => [...behaviour.keys()]));
  return [...names].map((series) => ({
    series,
    values: valuesOf(
      phases.map(({ samples }, index) => ({ samples, behaviour: behaviours[index]?.get(series) })),
      sampleEveryMs / 1000,
    ),
  }));
}

function valuesOf(
  phases: readonly { readonly samples: number; readonly behaviour: Behaviour | undefined }[],
  sampleEverySeconds: number,
): string {
  const pieces: string[] = [];
  let counted: number | undefined;
  let present = false;
  for (const { samples, behaviour } of phases) {
    if (behaviour === undefined) {
      pieces.push(...(present ? ['stale', `_x${String(samples - 1)}`] : [`_x${String(samples)}`]));
    } else if (behaviour.kind === 'gauge') {
      pieces.push(`${String(behaviour.value)}+0x${String(samples - 1)}`);
    } else {
      const step = behaviour.perSecond * sampleEverySeconds;
      const start: number = counted === undefined ? 0 : counted + step;
      pieces.push(`${String(start)}+${String(step)}x${String(samples - 1)}`);
      counted = addedUp(start, step, samples - 1);
    }
    present = behaviour !== undefined;
  }
  return pieces.join(' ');
}

/** Adds one by one as promtool does: any other rounding could make the counter seem to have been reset. */
function addedUp(start: number, step: number, times: number): number {
  let sum = start;
  for (let added = 0; added < times; added++) sum += step;
  return sum;
}

/** Every real series of a situation: a histogram is many of them, and what is said twice of one counter adds up. */
function behavioursIn({ series }: Situation): ReadonlyMap<string, Behaviour> {
  const found = new Map<string, Behaviour>();
  const count = (named: NamedSeries, perSecond: number): void => {
    const name = formatSeries(named);
    const before = found.get(name);
    found.set(name, { kind: 'counter', perSecond: perSecond + (before?.kind === 'counter' ? before.perSecond : 0) });
  };
  for (const stimulus of series) {
    const named = readSeries(stimulus.series);
    if ('value' in stimulus) found.set(formatSeries(named), { kind: 'gauge', value: stimulus.value });
    else if ('observe' in stimulus) for (const [part, perSecond] of partsOfHistogram(named, stimulus)) count(part, perSecond);
    else count(named, stimulus.rate);
  }
  return found;
}

type Observation = Extract<Stimulus, { readonly observe: number }>;

/** Buckets are cumulative: each counts what is not above its bound. */
function partsOfHistogram(
  { metric, labels }: NamedSeries,
  { observe, rate, buckets }: Observation,
): readonly (readonly [NamedSeries, number])[] {
  const bounds = [...buckets.toSorted((a, b) => a - b).filter(Number.isFinite), Infinity];
  return [
    ...bounds.map((bound) => {
      const le = bound === Infinity ? '+Inf' : String(bound);
      return [{ metric: `${metric}_bucket`, labels: { ...labels, le } }, observe <= bound ? rate : 0] as const;
    }),
    [{ metric: `${metric}_sum`, labels }, rate * observe],
    [{ metric: `${metric}_count`, labels }, rate],
  ];
}

/** The series of a situation as Prometheus would have them. */
export function seriesIn(situation: Situation): readonly NamedSeries[] {
  return [...behavioursIn(situation).keys()].map(readSeries);
}

/** Reads `name{label="value"}`; its form was checked with the requirement. */
export function readSeries(text: string): NamedSeries {
  const expression = parsePromql(text);
  const [selector] = expression === undefined ? [] : selectorsOf(expression);
  if (selector?.metric === undefined) throw new TypeError(`not a series: ${text}`);
  return { metric: selector.metric, labels: Object.fromEntries(selector.matchers.map(({ label, value }) => [label, value])) };
}

export function formatSeries({ metric, labels }: NamedSeries): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${metric}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
