/** A metric as the catalogue lists it. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** What it means, in one line. */
  readonly help: string;
  /** Upper bounds in the metric's unit; of histograms. */
  readonly buckets?: readonly number[];
}
