import { setImmediate as nextTurn } from 'node:timers/promises';
import { Counter, Gauge, Histogram, Registry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { Metric } from './metric.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value of a gauge, told when somebody asks for it. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A registry of our own: nothing of other libraries in the process gets into it. */
export interface OwnRegistry {
  counter(metric: Metric): Counter;
  histogram(metric: Metric): Histogram;
  /** `look` says all that there is to tell; what it leaves out is gone from the next scrape on. */
  gauge(metric: Metric, look: () => Iterable<Sample>): void;
  /** A counter that somebody else counts. */
  counted(metric: Metric, look: () => number): void;
  /** In the text format of Prometheus, one metric after the other. */
  pieces(): AsyncIterable<string>;
  /** All of it at once. */
  text(): Promise<string>;
  values(): Promise<readonly MetricObjectWithValues<MetricValue<string>>[]>;
}

export function createRegistry(): OwnRegistry {
  const registry = new Registry();
  const names: string[] = [];
  const shared = ({ name, help, labels }: Metric) => {
    names.push(name);
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  async function* pieces(): AsyncGenerator<string> {
    for (const name of names) {
      yield `${await registry.getSingleMetricAsString(name)}\n`;
      // Tens of thousands of lines written at one go would make every probe that runs meanwhile look slow.
      await nextTurn();
    }
  }

  return {
    counter: (metric) => new Counter(shared(metric)),
    histogram: (metric) => new Histogram({ ...shared(metric), buckets: [...(metric.buckets ?? [])] }),
    gauge: (metric, look) => {
      new Gauge({
        ...shared(metric),
        collect() {
          this.reset();
          // What has no labels begins at 0, which would be said of what cannot be told.
          this.remove({});
          for (const { labels, value } of look()) this.set(labels, value);
        },
      });
    },
    counted: (metric, look) => {
      new Counter({
        ...shared(metric),
        collect() {
          this.reset();
          this.inc(look());
        },
      });
    },
    pieces,
    text: async () => (await Array.fromAsync(pieces())).join(''),
    values: () => registry.getMetricsAsJSON(),
  };
}
