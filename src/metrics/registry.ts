import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CounterMetric, HistogramMetric } from './metric.ts';
import type { Family } from './series.ts';
import { createCounter, createHistogram, type Counter, type Histogram } from './counting.ts';
import { linesOf } from './text-format.ts';

/** The metrics of a daemon, in the order in which they were named. */
export interface Registry {
  counter(metric: CounterMetric): Counter;
  histogram(metric: HistogramMetric): Histogram;
  /** What `look` leaves out is gone from the next scrape on. */
  looked(family: Family): void;
  /** In the text format of Prometheus, some lines at a time. */
  pieces(): AsyncIterable<string>;
  /** All of it at once. */
  text(): Promise<string>;
  families(): readonly Family[];
}

/** Tens of thousands of lines written at one go would make every probe that runs meanwhile look slow. */
const mostAtOnce = 64 * 1024;

export function createRegistry(): Registry {
  const families: Family[] = [];
  async function* pieces(): AsyncGenerator<string> {
    let piece = '';
    for (const family of families) {
      for (const lines of linesOf(family)) {
        piece += lines;
        if (piece.length < mostAtOnce) continue;
        yield piece;
        piece = '';
        await nextTurn();
      }
    }
    yield piece;
  }

  return {
    counter: (metric) => {
      const counter = createCounter();
      families.push({ metric, look: counter.look });
      return counter;
    },
    histogram: (metric) => {
      const histogram = createHistogram(metric.buckets);
      families.push({ metric, look: () => [{ labels: {}, ...histogram.seen() }] });
      return histogram;
    },
    looked: (family) => void families.push(family),
    pieces,
    text: async () => (await Array.fromAsync(pieces())).join(''),
    families: () => families,
  };
}
