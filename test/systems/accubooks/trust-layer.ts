import type { ForecastInput, ForecastMonth, ForecastResult } from './forecast/model.ts';
import type { Forecast } from './forecasts.ts';
import type { TrustComponent } from './metrics/business-metrics.ts';

/** One part of what lets a reader judge a forecast: a heading and sentences with its own numbers. */
export interface TrustPanel {
  readonly title: string;
  readonly lines: readonly string[];
}

interface Facts {
  readonly input: ForecastInput;
  readonly result: ForecastResult;
  readonly last: ForecastMonth;
}

const money = (amount: number): string => `€${Math.round(amount).toLocaleString('en-IE')}`;
const percent = (share: number): string => `${String(Math.round(share * 100))}%`;

const writers: Readonly<Record<TrustComponent, (facts: Facts) => TrustPanel>> = {
  calculation_explainer: ({ input, result: { model, simulations, seed }, last }) => ({
    title: 'How this was calculated',
    lines: [
      `Level, trend${model.seasonMonths > 1 ? ' and a yearly season' : ''} were fitted to ${String(input.monthlyNet.length)} months.`,
      `The fit is Holt-Winters with α ${String(model.alpha)}, β ${String(model.beta)}, γ ${String(model.gamma)}.`,
      `Opening cash ${money(input.openingCash)} plus expected net flows of ${money(last.cash - input.openingCash)} gives ${money(last.cash)} after ${String(last.month)} months.`,
      `The likely range comes from ${String(simulations)} simulated futures that repeat past errors in random order (seed ${String(seed)}).`,
    ],
  }),
  assumptions_panel: ({ input, result: { model } }) => ({
    title: 'Assumptions',
    lines: [
      `You start with ${money(input.openingCash)}.`,
      model.seasonMonths > 1 ? 'Seasons repeat every 12 months.' : 'There is no season: fewer than 24 months are known.',
      `A typical month is off by ${money(model.error)}, as in the past.`,
    ],
  }),
  confidence_indicator: ({ result, last }) => ({
    title: 'Confidence',
    lines: [
      `In eight of ten simulated futures cash ends between ${money(last.cashLow)} and ${money(last.cashHigh)}.`,
      `Cash falls below zero in ${percent(result.shortfallProbability)} of them.`,
    ],
  }),
};

/** Undefined while the forecast has no result. */
export function trustPanel(component: TrustComponent, { input, result }: Forecast): TrustPanel | undefined {
  const last = result?.months.at(-1);
  return result === undefined || last === undefined ? undefined : writers[component]({ input, result, last });
}
