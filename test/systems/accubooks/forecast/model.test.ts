import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contradictionIn } from './check-result.ts';
import { forecast, type ForecastInput } from './model.ts';

const steady: ForecastInput = { openingCash: 1_000, monthlyNet: Array<number>(36).fill(100), horizonMonths: 6, simulations: 200, seed: 1 };

const inputs = fc.record({
  openingCash: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  monthlyNet: fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 6, maxLength: 48 }),
  horizonMonths: fc.integer({ min: 1, max: 36 }),
  simulations: fc.integer({ min: 1, max: 50 }),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
});

describe('a forecast', () => {
  test('goes on as before when nothing ever changed', () => {
    const { months, shortfallProbability } = forecast(steady);
    for (const { month, net, cash, cashLow, cashHigh } of months) {
      expect(net).toBeCloseTo(100);
      expect(cash).toBeCloseTo(1_000 + 100 * month);
      expect([cashLow, cashHigh]).toEqual([expect.closeTo(cash), expect.closeTo(cash)]);
    }
    expect(shortfallProbability).toBe(0);
  });

  test('finds the season of a firm that earns in summer', () => {
    const monthlyNet = Array.from({ length: 36 }, (_, month) => (month % 12 === 6 ? 5_000 : -100));
    const { months } = forecast({ ...steady, monthlyNet, horizonMonths: 12 });
    expect(months.map(({ net }) => net > 1_000)).toEqual(months.map(({ month }) => month === 7));
  });

  test('warns of a shortfall that is certain', () => {
    expect(forecast({ ...steady, monthlyNet: Array<number>(36).fill(-500) }).shortfallProbability).toBe(1);
  });

  test('is the same for the same seed, and another for another', () => {
    const monthlyNet = [5, -3, 8, 1, -9, 4, 2, 7];
    const twice = [1, 1, 2].map((seed) => forecast({ ...steady, monthlyNet, seed }));
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]?.months.map(({ cashHigh }) => cashHigh)).not.toEqual(twice[2]?.months.map(({ cashHigh }) => cashHigh));
  });

  test('adds up, whatever the numbers', () => {
    fc.assert(fc.property(inputs, (input) => contradictionIn(input, forecast(input)) === undefined));
  });
});

describe('the check of a result', () => {
  const result = forecast(steady);
  const [first, ...others] = result.months;

  test.each([
    ['a missing month', { ...result, months: others }, '5 months instead of 6'],
    ['a sum that is off by a euro', { ...result, months: [{ ...first!, cash: first!.cash + 1 }, ...others] }, 'month 1: cash is'],
    ['a number that is none', { ...result, months: [{ ...first!, net: NaN }, ...others] }, 'month 1: cash is'],
    ['a range upside down', { ...result, months: [{ ...first!, cashLow: 2, cashHigh: 1 }, ...others] }, 'upside down'],
    ['an impossible probability', { ...result, shortfallProbability: 1.5 }, 'a probability of 1.5'],
  ])('finds %s', (_, wrong, says) => {
    expect(contradictionIn(steady, wrong)).toContain(says);
  });
});
