import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cover, dayMs, fortnightMs, hourMs, merge, minuteMs, rollUp } from '../../src/store/rollup.ts';

const results = fc.array(fc.record({ status: fc.constantFrom('pass', 'fail', 'error'), bucket: fc.integer({ min: 0, max: 9 }) } as const));

describe('rollups', () => {
  it('merge to the rollup of all their results, in any order', () => {
    fc.assert(
      fc.property(results, results, (a, b) => {
        expect(merge(rollUp(a), rollUp(b))).toEqual(rollUp([...a, ...b]));
        expect(merge(rollUp(b), rollUp(a))).toEqual(rollUp([...a, ...b]));
      }),
    );
  });

  it('count how long runs took that passed or failed, and no errors', () => {
    expect(
      rollUp([
        { status: 'pass', bucket: 7 },
        { status: 'error', bucket: 1 },
        { status: 'fail', bucket: 7 },
        { status: 'pass', bucket: 2 },
      ]),
    ).toEqual({
      passed: 2,
      failed: 1,
      errored: 1,
      buckets: [
        [2, 1],
        [7, 2],
      ],
    });
  });
});

describe('the cover of a span', () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 60 * dayMs }),
    fc.integer({ min: 0, max: 1500 }).map((hours) => hours * hourMs),
  );

  it('is the whole span, each moment once', () => {
    fc.assert(
      fc.property(time, time, (fromMs, toMs) => {
        const { fortnights, days, hours, minutes, rest } = cover({ fromMs, toMs });
        const inMs = (unitMs: number) => (stretch: { readonly from: number; readonly to: number }) => [
          stretch.from * unitMs,
          stretch.to * unitMs,
        ];
        const parts = [
          ...fortnights.map(inMs(fortnightMs)),
          ...days.map(inMs(dayMs)),
          ...hours.map(inMs(hourMs)),
          ...minutes.map(inMs(minuteMs)),
          ...rest.map((each) => [each.fromMs, each.toMs]),
        ];
        const inOrder = parts.toSorted(([a = 0], [b = 0]) => a - b);
        expect(inOrder.map(([from]) => from).slice(1)).toEqual(inOrder.map(([, to]) => to).slice(0, -1));
        expect([inOrder.at(0)?.[0], inOrder.at(-1)?.[1]]).toEqual(fromMs < toMs ? [fromMs, toMs] : [undefined, undefined]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes the longest units that there are', () => {
    expect(cover({ fromMs: dayMs - hourMs - minuteMs - 5, toMs: 43 * dayMs })).toEqual({
      fortnights: [{ from: 1, to: 3 }],
      days: [
        { from: 1, to: 14 },
        { from: 42, to: 43 },
      ],
      hours: [{ from: 23, to: 24 }],
      minutes: [{ from: 22 * 60 + 59, to: 23 * 60 }],
      rest: [{ fromMs: dayMs - hourMs - minuteMs - 5, toMs: dayMs - hourMs - minuteMs }],
    });
  });
});
