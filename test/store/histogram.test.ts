import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketCount, bucketOf, durationOf, percentile, relativeError } from '../../src/store/histogram.ts';

const durations = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('a bucket', () => {
  it('stands for its durations within the stated relative error, from a microsecond to centuries', () => {
    fc.assert(
      fc.property(durations, (us) => {
        expect(bucketOf(us)).toBeLessThan(bucketCount);
        expect(Math.abs(durationOf(bucketOf(us)) * 1000 - us)).toBeLessThanOrEqual(us * relativeError * (1 + 1e-9));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is a longer one for a longer duration, and 0 for none at all', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        expect(Math.sign(bucketOf(a) - bucketOf(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect([0, 0.4, 1, 2].map(bucketOf)).toEqual([0, 0, 1, 36]);
    expect(durationOf(0)).toBe(0);
  });

  it('is the one that DDSketch would choose', () => {
    fc.assert(
      fc.property(durations, (us) => {
        const sketch = new DDSketch({ relativeAccuracy: relativeError });
        sketch.accept(us);
        expect(durationOf(bucketOf(us)) * 1000).toBeCloseTo(sketch.getValueAtQuantile(0.5), -Math.log10(us) + 6);
      }),
    );
  });
});

describe('a percentile', () => {
  const counts = (durationsMs: readonly number[]): Float64Array => {
    const all = new Float64Array(bucketCount);
    for (const ms of durationsMs) all[bucketOf(ms * 1000)] = (all[bucketOf(ms * 1000)] ?? 0) + 1;
    return all;
  };

  it.each([
    [0.5, [1, 10], 1],
    [0.95, [1, 10], 10],
    [0.5, [1, 10, 100], 10],
    [0.95, Array.from({ length: 20 }, (_, index) => 2 ** index), 2 ** 18],
    [0.99, Array.from({ length: 20 }, (_, index) => 2 ** index), 2 ** 19],
    [0.5, [0, 0, 0], 0],
  ])('%d of %j is %d by nearest rank', (share, all, exact) => {
    expect(Math.abs((percentile(counts(all), all.length, share) ?? -1) - exact)).toBeLessThanOrEqual(exact * relativeError);
  });

  it('of nothing is not told', () => {
    expect(percentile(counts([]), 0, 0.5)).toBeUndefined();
  });
});
