export interface HoltWintersFit {
  /** The next months, in the unit of the history. */
  readonly expected: readonly number[];
  /** One-step errors over the history, centred so that they add no drift. */
  readonly residuals: readonly number[];
  readonly seasonMonths: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly error: number;
}

interface Smoothing {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

const weights = [0.05, 0.2, 0.4, 0.6, 0.8] as const;

/** Additive Holt-Winters (trend, and a yearly season when two years are known); smoothing weights by grid search on the squared one-step error. */
export function fitHoltWinters(history: readonly number[], horizon: number): HoltWintersFit {
  const seasonMonths = history.length >= 24 ? 12 : 1;
  // Without a season its weight has nothing to smooth.
  const gammas = seasonMonths === 1 ? [0] : weights;
  const candidates = weights.flatMap((alpha) => weights.flatMap((beta) => gammas.map((gamma) => ({ alpha, beta, gamma }))));
  const best = candidates
    .map((smoothing) => ({ smoothing, ...smooth(history, seasonMonths, smoothing, horizon) }))
    .reduce((least, next) => (next.error < least.error ? next : least));
  const bias = mean(best.errors);
  return {
    expected: best.expected,
    residuals: best.errors.map((value) => value - bias),
    seasonMonths,
    ...best.smoothing,
    error: best.error,
  };
}

function smooth(history: readonly number[], period: number, { alpha, beta, gamma }: Smoothing, horizon: number) {
  const firstYear = history.slice(0, period);
  const secondYear = history.slice(period, 2 * period);
  let level = mean(firstYear);
  let trend = (mean(secondYear) - level) / period;
  const season = firstYear.map((value) => (period === 1 ? 0 : value - level));
  const errors: number[] = [];
  for (let index = period; index < history.length; index += 1) {
    const value = history[index] ?? 0;
    const seasonal = season[index % period] ?? 0;
    errors.push(value - (level + trend + seasonal));
    const before = level;
    level = alpha * (value - seasonal) + (1 - alpha) * (level + trend);
    trend = beta * (level - before) + (1 - beta) * trend;
    season[index % period] = gamma * (value - level) + (1 - gamma) * seasonal;
  }
  const expected = Array.from(
    { length: horizon },
    (_, ahead) => level + (ahead + 1) * trend + (season[(history.length + ahead) % period] ?? 0),
  );
  return { expected, errors, error: Math.sqrt(mean(errors.map((value) => value ** 2))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
