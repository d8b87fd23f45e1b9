import { describe, expect, it } from 'vitest';
import { formatSeries, inputSeriesOf, readSeries, seriesIn } from '../../../../src/proofs/alert/would-fire/input-series.ts';

const errors = 'errors_total{job="a"}';

function written(...phases: Parameters<typeof inputSeriesOf>[0][number]['situation']['series'][]) {
  const input = inputSeriesOf(
    phases.map((series, index) => ({ situation: { say: `phase ${String(index)}`, series }, samples: 5 })),
    15_000,
  );
  return Object.fromEntries(input.map(({ series, values }) => [series, values]));
}

describe("the gate's notation", () => {
  it('makes a counter grow by its rate between two samples', () => {
    expect(written([{ series: errors, rate: 1.2 }])).toEqual({ [errors]: '0+18x4' });
  });

  it('keeps a gauge at its value', () => {
    expect(written([{ series: 'pool', value: 91.5 }])).toEqual({ 'pool{}': '91.5+0x4' });
  });

  it('makes a histogram of cumulative buckets, a sum and a count', () => {
    expect(written([{ series: 'd_ms{job="a"}', observe: 80, rate: 2, buckets: [100, 50] }])).toEqual({
      'd_ms_bucket{job="a",le="50"}': '0+0x4',
      'd_ms_bucket{job="a",le="100"}': '0+30x4',
      'd_ms_bucket{job="a",le="+Inf"}': '0+30x4',
      'd_ms_sum{job="a"}': '0+2400x4',
      'd_ms_count{job="a"}': '0+30x4',
    });
  });

  it('adds up what is said twice of one counter, however its labels are ordered', () => {
    const buckets = [100];
    expect(
      written([
        { series: 'd{a="1",b="2"}', observe: 80, rate: 1, buckets },
        { series: 'd{b="2",a="1"}', observe: 800, rate: 2, buckets },
      ]),
    ).toMatchObject({ 'd_bucket{a="1",b="2",le="100"}': '0+15x4', 'd_bucket{a="1",b="2",le="+Inf"}': '0+45x4' });
  });

  it('lets counters go on where they were, and the others come and go', () => {
    expect(
      written(
        [
          { series: errors, rate: 1 },
          { series: 'x', value: 1 },
        ],
        [
          { series: errors, rate: 2 },
          { series: 'y', rate: 1 },
        ],
      ),
    ).toEqual({
      [errors]: '0+15x4 90+30x4',
      'x{}': '1+0x4 stale _x4',
      'y{}': '_x5 0+15x4',
    });
  });

  it('never lets rounding look like a counter that was reset', () => {
    const [, next] = /^0\+\S+ (\S+?)\+0x/.exec(written([{ series: errors, rate: 0.1 / 15 }], [{ series: errors, rate: 0 }])[errors]!)!;
    expect(Number(next)).toBe(0.1 + 0.1 + 0.1 + 0.1);
  });
});

describe('the name of a series', () => {
  it('is read and written', () => {
    const named = { metric: 'errors_total', labels: { path: '/a"b\\', job: 'a' } };
    expect(readSeries(formatSeries(named))).toEqual(named);
    expect(seriesIn({ say: 'x', series: [{ series: errors, rate: 1 }] })).toEqual([{ metric: 'errors_total', labels: { job: 'a' } }]);
  });
});
