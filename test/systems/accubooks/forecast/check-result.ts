import type { ForecastInput, ForecastResult } from './model.ts';

/** The numbers of a forecast do not add up: it must not be shown. */
export class CalculationError extends Error {
  override readonly name = 'CalculationError';
}

/** A cent, well above what adding a few dozen doubles can lose. */
const tolerance = 0.01;

/**
 * Recalculates what must hold for any forecast: cash is the opening cash plus every net flow so far, bands are ordered, nothing is NaN.
 * Returns the first contradiction, undefined when there is none.
 */
export function contradictionIn(
  { openingCash, horizonMonths }: ForecastInput,
  { months, shortfallProbability }: ForecastResult,
): string | undefined {
  if (months.length !== horizonMonths) return `${String(months.length)} months instead of ${String(horizonMonths)}`;
  if (!(shortfallProbability >= 0 && shortfallProbability <= 1)) return `a probability of ${String(shortfallProbability)}`;
  let cash = openingCash;
  for (const month of months) {
    cash += month.net;
    if (!(Math.abs(month.cash - cash) <= tolerance))
      return `month ${String(month.month)}: cash is ${String(month.cash)}, its parts add up to ${String(cash)}`;
    if (!(month.cashLow <= month.cashHigh)) return `month ${String(month.month)}: the band is upside down`;
  }
  return undefined;
}
