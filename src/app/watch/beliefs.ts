import { believe, changeOf, nothingKnown, type Belief } from '../../check/belief.ts';
import type { Check } from '../../check/check.ts';
import type { Result } from '../../check/result.ts';
import type { Store } from '../../store/store.ts';

export interface BeliefChange {
  /** `untold` when so many runs in a row told nothing as would have made it fail. */
  readonly type: 'failed' | 'recovered' | 'untold' | 'told-again';
  readonly check: Check;
  readonly result: Result;
}

/** What is believed of each target. */
export interface Beliefs {
  /** Takes a result in, and says what it changed, if anything. */
  take(check: Check, result: Result): BeliefChange | undefined;
  of(check: string): Belief;
  /** Learns from the store what was believed before this process ran. */
  recall(check: Check, store: Pick<Store, 'latest'>): Promise<Result | undefined>;
  /** Forgets those that are not among these. */
  keepOnly(checks: readonly string[]): void;
}

function tellingOf(before: Belief, after: Belief, { thresholds: { failAfter } }: Check): 'untold' | 'told-again' | undefined {
  if (after.errors === failAfter) return 'untold';
  return after.errors === 0 && before.errors >= failAfter ? 'told-again' : undefined;
}

/** Further back nothing is looked for: a target that was neither well nor failing for so long is not known. */
const mostRecalled = 500;

export function createBeliefs(): Beliefs {
  const known = new Map<string, Belief>();
  const of = (check: string): Belief => known.get(check) ?? nothingKnown;
  return {
    of,
    take: (check, result) => {
      const before = of(check.name);
      const after = believe(before, result.status, check.thresholds);
      known.set(check.name, after);
      // What it turned out to be says by itself that it can be told again.
      const change = changeOf(before, after) ?? tellingOf(before, after, check);
      return change && { type: change, check, result };
    },
    recall: async (check, store) => {
      const { failAfter, recoverAfter } = check.thresholds;
      let belief: Belief = nothingKnown;
      let last: Result | undefined;
      for (const count of [Math.max(failAfter, recoverAfter), mostRecalled]) {
        const latest = await store.latest(check.name, count);
        last = latest[0];
        belief = latest.toReversed().reduce((before, { status }) => believe(before, status, check.thresholds), nothingKnown);
        const isAll = latest.length < count;
        // Passes that are too few to end a failure would look like the end of one if the failure were not seen.
        const isSure = belief.state === 'failing' || belief.passes >= recoverAfter;
        if (isAll || isSure) break;
      }
      if (last !== undefined) known.set(check.name, belief);
      return last;
    },
    keepOnly: (checks) => {
      for (const name of known.keys()) if (!checks.includes(name)) known.delete(name);
    },
  };
}
