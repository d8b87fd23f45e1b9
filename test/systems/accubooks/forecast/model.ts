import { fitHoltWinters } from './holt-winters.ts';
import { createRandom } from './random.ts';

export interface ForecastInput {
  readonly openingCash: number;
  /** Net cash flow of past months, oldest first; at least six. */
  readonly monthlyNet: readonly number[];
  readonly horizonMonths: number;
  readonly simulations: number;
  readonly seed: number;
}

export interface ForecastMonth {
  /** 1 is the next month. */
  readonly month: number;
  readonly net: number;
  readonly cash: number;
  /** Cash is between these in eight of ten simulations. */
  readonly cashLow: number;
  readonly cashHigh: number;
}

export interface ForecastResult {
  readonly model: {
    readonly seasonMonths: number;
    readonly alpha: number;
    readonly beta: number;
    readonly gamma: number;
    /** Root of the mean squared one-step error over the history. */
    readonly error: number;
  };
  readonly months: readonly ForecastMonth[];
  /** Share of simulations in which cash falls below zero within the horizon, 0 to 1. */
  readonly shortfallProbability: number;
  readonly simulations: number;
  readonly seed: number;
}

/**
 * Holt-Winters for the expected path; for the band around it, paths that add past errors drawn at random.
 * The same input and seed give the same result.
 */
export function forecast({ openingCash, monthlyNet, horizonMonths, simulations, seed }: ForecastInput): ForecastResult {
  const fit = fitHoltWinters(monthlyNet, horizonMonths);
  const random = createRandom(seed);
  const cashByMonth = Array.from({ length: horizonMonths }, () => new Float64Array(simulations));
  let shortfalls = 0;
  for (let run = 0; run < simulations; run += 1) {
    let cash = openingCash;
    let short = false;
    fit.expected.forEach((net, month) => {
      cash += net + (fit.residuals[Math.floor(random() * fit.residuals.length)] ?? 0);
      short ||= cash < 0;
      const column = cashByMonth[month];
      if (column !== undefined) column[run] = cash;
    });
    if (short) shortfalls += 1;
  }
  let cash = openingCash;
  const months = fit.expected.map((net, index): ForecastMonth => {
    cash += net;
    const column = cashByMonth[index]?.toSorted() ?? new Float64Array();
    return { month: index + 1, net, cash, cashLow: quantile(column, 0.1), cashHigh: quantile(column, 0.9) };
  });
  const { seasonMonths, alpha, beta, gamma, error } = fit;
  return { model: { seasonMonths, alpha, beta, gamma, error }, months, shortfallProbability: shortfalls / simulations, simulations, seed };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
