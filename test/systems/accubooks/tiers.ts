export const tiers = ['free', 'starter', 'pro'] as const;
export type Tier = (typeof tiers)[number];

export const limitTypes = ['scenarios', 'forecasts_per_day', 'horizon_months'] as const;
export type LimitType = (typeof limitTypes)[number];

/** What each tier may do; Infinity where there is no limit. */
export const tierLimits: Readonly<Record<Tier, Readonly<Record<LimitType, number>>>> = {
  free: { scenarios: 3, forecasts_per_day: 10, horizon_months: 6 },
  starter: { scenarios: 10, forecasts_per_day: 200, horizon_months: 12 },
  pro: { scenarios: Infinity, forecasts_per_day: Infinity, horizon_months: 36 },
};

/** The upgrades that are on sale: one step at a time. */
export const upgrades: readonly { readonly from: Tier; readonly to: Tier }[] = [
  { from: 'free', to: 'starter' },
  { from: 'starter', to: 'pro' },
];
