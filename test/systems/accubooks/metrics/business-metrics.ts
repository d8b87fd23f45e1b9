import { Counter, Gauge, type Registry } from 'prom-client';
import { createRecentUsers } from './recent-users.ts';
import { limitTypes, tiers, upgrades, type LimitType, type Tier } from '../tiers.ts';

export const trustComponents = ['calculation_explainer', 'assumptions_panel', 'confidence_indicator'] as const;
export type TrustComponent = (typeof trustComponents)[number];

interface Person {
  readonly id: number;
  readonly tier: Tier;
}

export interface BusinessMetrics {
  active(user: Person): void;
  signedIn(result: 'accepted' | 'refused'): void;
  scenarioCreated(tier: Tier): void;
  /** A forecast that was calculated; one answered from the cache is not. */
  forecastGenerated(tier: Tier): void;
  limitHit(user: Person, limit: LimitType): void;
  upgraded(from: Tier, to: Tier): void;
  trustLayerUsed(user: Person, component: TrustComponent): void;
  tenantViolated(): void;
  registered(byTier: ReadonlyMap<Tier, number>): void;
}

const minuteMs = 60_000;
const concurrentMs = 5 * minuteMs;
const hourMs = 60 * minuteMs;

/** Every label set here is known beforehand and starts at 0: increase() cannot see a series appear, and the first forecast, hit or upgrade must count. */
export function createBusinessMetrics(registry: Registry): BusinessMetrics {
  const registers = [registry];
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    known: readonly Record<Label, string>[],
  ) => {
    const made = new Counter({ name, help, labelNames, registers });
    for (const labels of known) made.inc(labels, 0);
    return made;
  };
  const recentUsers = (name: string, help: string, windowMs: number) => {
    const recent = createRecentUsers(windowMs);
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(recent.count());
      },
    });
    return recent;
  };

  const byTier = tiers.map((tier) => ({ tier }));
  const byLimit = tiers.flatMap((tier) => limitTypes.map((limit_type) => ({ tier, limit_type })));
  const byComponent = trustComponents.map((component) => ({ component }));
  const signIns = counter('sign_ins_total', 'Sign-ins', ['result'], [{ result: 'accepted' }, { result: 'refused' }]);
  const scenarios = counter('scenarios_created_total', 'Scenarios created', ['tier'], byTier);
  const forecasts = counter('forecasts_generated_total', 'Total number of forecasts generated', ['tier'], byTier);
  const limitHits = counter('tier_limit_hits_total', 'Total number of tier limit hits', ['tier', 'limit_type'], byLimit);
  const conversions = counter('upgrade_conversions_total', 'Upgrades bought', ['from', 'to'], [...upgrades]);
  const interactions = counter('trust_layer_interactions_total', 'Uses of the trust layer', ['component'], byComponent);
  const violations = new Counter({
    name: 'tenant_isolation_violations_total',
    help: "Queries that would have shown another tenant's rows",
    registers,
  });
  const registered = new Gauge({ name: 'registered_users', help: 'Registered users', labelNames: ['tier'], registers });

  // Shares of users (limit hits, trust layer) are these over users_active_last_hour.
  const concurrent = recentUsers(
    'active_users_concurrent',
    'Number of concurrent active users (a request in the last 5 minutes)',
    concurrentMs,
  );
  const activeLastHour = recentUsers('users_active_last_hour', 'Users with a request in the last hour', hourMs);
  const limitedLastHour = recentUsers('users_limited_last_hour', 'Users who hit a tier limit in the last hour', hourMs);
  const trustingLastHour = recentUsers('users_trust_layer_last_hour', 'Users who used the trust layer in the last hour', hourMs);

  return {
    active: (user) => {
      concurrent.saw(user.id);
      activeLastHour.saw(user.id);
    },
    signedIn: (result) => signIns.inc({ result }),
    scenarioCreated: (tier) => scenarios.inc({ tier }),
    forecastGenerated: (tier) => forecasts.inc({ tier }),
    limitHit: (user, limit) => {
      limitHits.inc({ tier: user.tier, limit_type: limit });
      limitedLastHour.saw(user.id);
    },
    upgraded: (from, to) => conversions.inc({ from, to }),
    trustLayerUsed: (user, component) => {
      interactions.inc({ component });
      trustingLastHour.saw(user.id);
    },
    tenantViolated: () => violations.inc(),
    registered: (counts) => tiers.forEach((tier) => registered.set({ tier }, counts.get(tier) ?? 0)),
  };
}
