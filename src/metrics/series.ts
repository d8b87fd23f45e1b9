import type { CounterMetric, GaugeMetric, HistogramMetric } from './metric.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value of a gauge or a counter. */
export interface Sample {
  readonly labels: Labels;
  /** Labels that set it apart from others with the same `labels`. */
  readonly more?: Labels | undefined;
  readonly value: number;
}

/** What a histogram has seen: how many values up to each bound and above the one before, at last those above all bounds, and their sum. */
export interface Distribution {
  readonly labels: Labels;
  readonly counts: ArrayLike<number>;
  readonly sum: number;
}

/** A metric with its series, looked up whenever somebody asks: a thousand checks have tens of thousands, which nobody should keep. */
export type Family = SampleFamily | HistogramFamily;

export interface SampleFamily {
  readonly metric: CounterMetric | GaugeMetric;
  look(): Iterable<Sample>;
}

export interface HistogramFamily {
  readonly metric: HistogramMetric;
  look(): Iterable<Distribution>;
}

export function isHistogram(family: Family): family is HistogramFamily {
  return family.metric.type === 'histogram';
}
