import type { Target } from '../../stack/prometheus.ts';
import type { MetricsRequirement } from './requirement.ts';

/** What Prometheus takes where nothing is configured. */
const defaultIntervalMs = 60_000;

/** The interval of the slowest target. */
export function intervalOf(targets: readonly Target[]): number {
  return targets.length === 0
    ? defaultIntervalMs
    : Math.max(...targets.map(({ scrapeIntervalMs = defaultIntervalMs }) => scrapeIntervalMs));
}

/** How old the newest sample may be. */
export function maxAgeOf({ maxAge }: MetricsRequirement, targets: readonly Target[]): number {
  return maxAge ?? Math.max(3 * intervalOf(targets), 5_000);
}

/** How long a move may take until it is seen in Prometheus. */
export function movesWithinOf({ movesWithin }: MetricsRequirement, targets: readonly Target[]): number {
  return movesWithin ?? 3 * intervalOf(targets) + 5_000;
}
