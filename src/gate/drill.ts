import { isDeepStrictEqual } from 'node:util';
import { blindMutants } from './blind-mutants.ts';
import { decide } from './decide.ts';
import type { FactsMutant } from './mutant.ts';
import type { Proof } from './proof.ts';
import { weighFacts, type Judged } from './verdict.ts';

/** A change that the judge did not notice. */
export interface Survivor {
  readonly change: string;
  readonly says: string;
  /** Why it is harmless; absent when nobody knows. */
  readonly harmless?: string;
}

/** What became of one proven item when its facts were changed. */
export interface ItemDrill {
  /** Whether any change flips the decision: an item without one cannot fail. */
  readonly canFail: boolean;
  /** Whether the proof kind knows which changes matter; otherwise they were made blindly, and survivors say nothing. */
  readonly informed: boolean;
  /** How often each change was tried and noticed. */
  readonly changes: readonly { readonly change: string; readonly tried: number; readonly noticed: number }[];
  readonly survivors: readonly Survivor[];
}

/** Changes the facts of a proven item, one way after the other, and decides again each time as if all other items were proven. Pure. */
export function drillItem(proof: Proof, item: Judged, facts: unknown): ItemDrill {
  const mutants =
    proof.mutants?.(item.requirement, facts, item.grade) ??
    // What the kind would not have recorded is refused for its shape, which says nothing of the judge.
    blindMutants(facts).filter((each) => proof.facts.safeParse(each.facts).success);
  const tried = mutants.flatMap((mutant) => {
    const state = weighFacts(proof, { ...item, requirement: mutant.requirement ?? item.requirement }, mutant.facts);
    const noticed = decide([state]) !== 'proceed';
    return noticed || !isDeepStrictEqual(mutant.facts, facts) ? [{ mutant, noticed }] : [];
  });
  const changes = [...Map.groupBy(tried, ({ mutant }) => mutant.change)].map(([change, own]) => ({
    change,
    tried: own.length,
    noticed: own.filter(({ noticed }) => noticed).length,
  }));
  const informed = proof.mutants !== undefined;
  return {
    canFail: tried.some(({ noticed }) => noticed),
    informed,
    changes,
    survivors: informed ? tried.filter(({ noticed }) => !noticed).map(({ mutant }) => survivorOf(mutant)) : [],
  };
}

function survivorOf({ change, says, harmless }: FactsMutant): Survivor {
  return harmless === undefined ? { change, says } : { change, says, harmless };
}
