import { dayMs, fortnightMs, hourMs } from './rollup.ts';
import type { Retention } from './store.ts';

/** Ninety days in detail, a year rolled up. */
export const defaultRetention: Retention = { detailedMs: 90 * dayMs, rolledUpMs: 365 * dayMs };

/** From when on a store has what; what is older has been taken away, and late results of that time are not kept in that form any more. */
export interface Horizon {
  /** Whole hours since the epoch. */
  readonly detailFromHour: number;
  /** Whole fortnights since the epoch. */
  readonly rollupsFromFortnight: number;
}

/** Only whole hours and fortnights go, when all of them is old enough; what has been taken away does not come back when more is to be kept from now on. */
export function nextHorizon(current: Horizon, { detailedMs, rolledUpMs }: Retention, nowMs: number): Horizon {
  const detailFromHour = Math.floor((nowMs - detailedMs) / hourMs);
  // Details without their rollups would not be counted.
  const rollupsFromFortnight = Math.floor((nowMs - Math.max(rolledUpMs, detailedMs)) / fortnightMs);
  return {
    detailFromHour: Math.max(current.detailFromHour, detailFromHour),
    rollupsFromFortnight: Math.max(current.rollupsFromFortnight, rollupsFromFortnight),
  };
}
