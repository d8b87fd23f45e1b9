import type { Labels, Distribution, Sample } from './series.ts';

/** A count that only grows, with a series for each set of labels that it was told. */
export interface Counter {
  inc(labels: Labels, by?: number): void;
  look(): Iterable<Sample>;
}

export function createCounter(): Counter {
  const samples = new Map<string, { readonly labels: Labels; value: number }>();
  return {
    inc: (labels, by = 1) => {
      const key = JSON.stringify(Object.entries(labels));
      const sample = samples.get(key) ?? { labels, value: 0 };
      sample.value += by;
      samples.set(key, sample);
    },
    look: () => samples.values(),
  };
}

/** How values are spread over buckets with these upper bounds. */
export interface Histogram {
  observe(value: number): void;
  seen(): Omit<Distribution, 'labels'>;
}

export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe: (value) => {
      const bucket = bounds.findIndex((bound) => value <= bound);
      const index = bucket === -1 ? bounds.length : bucket;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    seen: () => ({ counts, sum }),
  };
}
