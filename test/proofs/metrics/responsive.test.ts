import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountOf } from '../../../src/proofs/metrics/amount.ts';
import type { MetricsFacts, Responsive } from '../../../src/proofs/metrics/facts.ts';
import { factsOf, judge, now } from './healthy.ts';

const series = 'forecasts_generated_total{tier="PRO"}';
const counter = 'forecasts_generated_total';
const labels = { __name__: counter, job: 'accubooks', instance: 'a:3000', tier: 'PRO' };
const passed = { startedAt: new Date(now - 40_000).toISOString(), durationMs: 900, outcome: { status: 'pass' as const, reasons: [] } };

interface Moved {
  /** The values that Prometheus scraped before and after the stimulus. */
  readonly before?: readonly (number | string)[];
  readonly after?: readonly (number | string)[];
  readonly page?: readonly [before: number | undefined, after: number | undefined];
}

function samplesOf(values: readonly (number | string)[], fromMs: number) {
  return values.length === 0
    ? []
    : [{ labels, samples: values.map((value, index): [number, number | string] => [fromMs + index * 15_000, value]) }];
}

function moved({ before = [7, 7], after = [7, 9, 9], page = [7, 9] }: Moved = {}, change: Partial<Responsive> = {}): MetricsFacts {
  const [pageBefore, pageAfter] = page;
  return factsOf(undefined, {
    responsive: {
      // The last sample before the stimulus came 60 s ago, in the scrape that was waited for.
      baselineMs: now - 62_000,
      runs: [passed, passed],
      waitedMs: 31_000,
      moves: [
        {
          series,
          before: samplesOf(before, now - 75_000),
          // The window of the second look reaches back to the last sample of the first.
          after: samplesOf(after, now - 60_000),
          ...(pageBefore === undefined ? {} : { pageBefore }),
          ...(pageAfter === undefined ? {} : { pageAfter }),
        },
      ],
      ...change,
    },
  });
}

function judgeMove(facts: MetricsFacts, by: number | { atLeast: number } = 2, change: object = {}) {
  const asked = {
    metrics: [{ name: counter, type: 'counter', labels: ['tier'] }],
    stimulus: { check: 'forecast', times: 2 },
    moves: [{ series, by }],
    ...change,
  };
  const { state, reasons } = judge(facts, 'responsive', asked);
  return { state, finding: reasons.find(({ grade }) => grade === 'responsive') };
}

test('a counter that moved by exactly what it should is proven, with the figures', () => {
  expect(judgeMove(moved())).toEqual({
    state: 'proven',
    finding: {
      subject: counter,
      grade: 'responsive',
      holds: 'yes',
      says: `2 runs of the check "forecast" moved ${series} by 2 (from 7 to 9) within 31.0 s; exactly 2 required`,
    },
  });
});

test('one that was not there before, as nothing had happened, counts from 0 and says so', () => {
  const { state, finding } = judgeMove(moved({ before: [], after: [2, 2], page: [undefined, 2] }));
  expect(state).toBe('proven');
  expect(finding?.says).toContain('by 2 (it was not there before, as nothing had happened yet, so it counts from 0)');
});

describe('a move is refuted when', () => {
  test.each<[string, Moved, string]>([
    [
      'the app does not count at all',
      { after: [7, 7, 7], page: [7, 7] },
      `by 0 (from 7 to 7) within 50s; exactly 2 required; on the app's own page it went from 7 to 7`,
    ],
    [
      'the app counts every second time',
      { after: [7, 8, 8], page: [7, 8] },
      `by 1 (from 7 to 8) within 50s; exactly 2 required; on the app's own page it went from 7 to 8`,
    ],
    ['the app counts twice', { after: [7, 11], page: [7, 11] }, 'by 4 (from 7 to 11); exactly 2 required'],
    ['the app counts twice, the second time late', { after: [7, 9, 11], page: [7, 11] }, 'by 4 (from 7 to 11); exactly 2 required'],
    [
      'it never was in Prometheus',
      { before: [], after: [], page: [undefined, undefined] },
      `by 0 (it is not in Prometheus, before or after) within 50s; exactly 2 required; it is not on the app's own page either`,
    ],
    [
      'it does not get to Prometheus',
      { after: [7, 7, 7], page: [7, 9] },
      `by 0 (from 7 to 7) within 50s; exactly 2 required; on the app's own page it went from 7 to 9`,
    ],
  ])('%s', (_, seen, says) => {
    const { state, finding } = judgeMove(moved(seen));
    expect(state).toBe('disproven');
    expect(finding).toMatchObject({
      holds: 'no',
      says: `2 runs of the check "forecast" moved ${series} ${says}`,
      hint: expect.any(String) as string,
    });
  });

  test('the hint tells the app from the way to Prometheus, and counting twice from both', () => {
    expect(judgeMove(moved({ after: [7, 7], page: [7, 7] })).finding?.hint).toContain('the app does not count it');
    expect(judgeMove(moved({ after: [7, 7], page: [7, 9] })).finding?.hint).toContain('the app counts it; see whether Prometheus');
    expect(judgeMove(moved({ after: [7, 11] })).finding?.hint).toContain('is it counted twice?');
  });
});

test('with "at least", more is as good and less is not', () => {
  expect(judgeMove(moved({ after: [7, 19] }), { atLeast: 2 })).toMatchObject({
    state: 'proven',
    finding: { says: expect.stringContaining('by 12 (from 7 to 19) within 31.0 s; at least 2 required') as string },
  });
  expect(judgeMove(moved({ after: [7, 8] }), { atLeast: 2 }).state).toBe('disproven');
});

test('a counter that must stay where it is does, or is refuted', () => {
  expect(judgeMove(moved({ after: [7, 7, 7] }), 0).state).toBe('proven');
  expect(judgeMove(moved({ after: [7, 8] }), 0).state).toBe('disproven');
});

test('a restart in between counts from 0 again; when something is missing after it, that is unknown', () => {
  const whole = judgeMove(moved({ after: [7, 2, 2], page: [7, 2] }));
  expect(whole).toMatchObject({
    state: 'proven',
    finding: { says: expect.stringContaining('; it began again at 0 in between') as string },
  });
  const lost = judgeMove(moved({ after: [7, 1, 1], page: [7, 1] }));
  expect(lost).toMatchObject({
    state: 'inconclusive',
    finding: { holds: 'unknown', says: expect.stringContaining('so counts may be lost') as string },
  });
});

test('values that are no numbers never count as moved', () => {
  expect(judgeMove(moved({ after: [7, 'NaN'] })).state).toBe('disproven');
});

test('a series of an earlier life of the app, ended before the stimulus, is no place to count from', () => {
  const ended = { baselineMs: now - 59_000 };
  const right = judgeMove(moved({ before: [7, 7], after: [7, 2, 2], page: [undefined, 2] }, ended));
  expect(right).toMatchObject({ state: 'proven', finding: { says: expect.stringContaining('by 2 (it was not there before') as string } });
  const wrong = judgeMove(moved({ before: [7, 7], after: [7, 9, 9], page: [undefined, 9] }, ended));
  expect(wrong).toMatchObject({
    state: 'disproven',
    finding: { says: expect.stringContaining('by 9 (it was not there before') as string },
  });
});

describe('a move is unknown when', () => {
  test('a run of the stimulus failed', () => {
    const failed = { ...passed, outcome: { status: 'fail' as const, reasons: ['POST /api/forecasts answered 500'] } };
    const { state, finding } = judgeMove(moved({}, { runs: [passed, failed] }));
    expect(state).toBe('inconclusive');
    expect(finding?.says).toBe(
      'run 2 of 2 of the check "forecast" ended with fail: POST /api/forecasts answered 500; what it should have moved is not known',
    );
  });

  test('a run of the stimulus could not be made', () => {
    const error = { ...passed, outcome: { status: 'error' as const, reasons: [] } };
    expect(judgeMove(moved({}, { runs: [error] }))).toMatchObject({
      state: 'inconclusive',
      finding: { says: expect.stringContaining('run 1 of 2 of the check "forecast" ended with error; what') as string },
    });
  });

  test('the stimulus was made less often than it should', () => {
    expect(judgeMove(moved({}, { runs: [passed] }))).toMatchObject({
      state: 'inconclusive',
      finding: { says: 'the check "forecast" was run 1 of 2 times' },
    });
  });

  test('nothing was scraped before it', () => {
    const { state, finding } = judgeMove(moved({ before: [], after: [] }, { baselineMs: undefined, runs: [] }));
    expect(state).toBe('inconclusive');
    expect(finding?.says).toBe(
      'the check "forecast" was not run: Prometheus did not scrape every target of "accubooks" with success, so there was nothing to compare with',
    );
  });

  test('the series was on the page but not in Prometheus before', () => {
    const { state, finding } = judgeMove(moved({ before: [], after: [9, 9], page: [7, 9] }));
    expect(state).toBe('inconclusive');
    expect(finding?.says).toBe(
      `before the stimulus ${series} was on the app's own page (7) but not in Prometheus, so it is not known from where it counts`,
    );
  });

  test('it was not recorded', () => {
    expect(judgeMove(moved({}, { moves: [] }))).toMatchObject({ state: 'inconclusive', finding: { says: `${series} was not looked at` } });
  });

  test('the gate does not say how the metric must move: it is never proven in silence', () => {
    const both = [
      { name: counter, type: 'counter', labels: ['tier'] },
      { name: 'forecast_queue_depth', type: 'gauge' },
    ];
    const asked = { metrics: both, stimulus: { check: 'forecast', times: 2 }, moves: [{ series, by: 2 }] };
    const verdict = judge(moved(), 'responsive', asked);
    expect(verdict.state).toBe('inconclusive');
    expect(verdict.stateOf(counter)).toBe('proven');
    expect(verdict.against).toMatchObject([
      {
        subject: 'forecast_queue_depth',
        grade: 'responsive',
        holds: 'unknown',
        hint: expect.stringContaining('add it to "moves"') as string,
      },
    ]);
  });

  test('nothing was moved at all', () => {
    expect(judge(factsOf(), 'responsive').state).toBe('inconclusive');
  });
});

describe('the amount', () => {
  const only = { by: 0, series };
  const of = (before: readonly number[], after: readonly number[]) => ({
    baselineMs: 0,
    before: samplesOf(before, 0),
    after: samplesOf(after, before.length * 15_000),
  });

  test('of several series is added up, each from where it was', () => {
    const other = { ...labels, instance: 'b:3000' };
    const before = [{ labels, samples: [[0, 5] as const] }];
    const after = [
      { labels, samples: [[0, 5] as const, [15_000, 6] as const] },
      { labels: other, samples: [[15_000, 1] as const] },
    ];
    expect(amountOf(only, { baselineMs: 0, before, after }, 'counter')).toEqual({ moved: 2, born: 1, restarted: false });
  });

  test('of a gauge is how far it went at most, in the direction asked for', () => {
    expect(amountOf({ series, by: 2 }, of([3], [3, 5, 1]), 'gauge').moved).toBe(2);
    expect(amountOf({ series, by: -2 }, of([3], [3, 5, 1]), 'gauge').moved).toBe(-2);
    expect(amountOf({ series, by: 2 }, of([3], [1, 1]), 'gauge').moved).toBe(0);
  });

  test('of a counter is the sum of its steps, however often it begins again', () => {
    const lives = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(1000), lives, (start, steps) => {
        let value = start;
        let total = 0;
        const values = steps.flatMap((life, index) =>
          life.map((step, at) => {
            // Each life but the first begins at 0, with less than the one before ended with: otherwise no one could tell.
            value = index > 0 && at === 0 ? Math.min(step, Math.max(0, value - 1)) : value + step;
            const counted = index > 0 && at === 0 ? value : step;
            total += counted;
            return value;
          }),
        );
        fc.pre(values.every((each, index) => index === 0 || each !== values[index - 1] || each !== 0));
        expect(amountOf(only, of([start], values), 'counter').moved).toBe(total);
      }),
    );
  });

  test('of a counter is never negative', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.array(fc.nat()), (before, after) => {
        expect(amountOf(only, of(before, after), 'counter').moved).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
