/** A metric as the catalogue lists it. */
export type Metric = CounterMetric | GaugeMetric | HistogramMetric;

interface Named {
  readonly name: string;
  readonly labels: readonly string[];
  /** What it means, in one line. */
  readonly help: string;
}

export interface CounterMetric extends Named {
  readonly type: 'counter';
}

export interface GaugeMetric extends Named {
  readonly type: 'gauge';
}

export interface HistogramMetric extends Named {
  readonly type: 'histogram';
  /** Upper bounds in the metric's unit, rising. */
  readonly buckets: readonly number[];
}
