import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Check, WouldFireFacts } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

const did: Readonly<Record<Check, string>> = {
  waits: 'does not wait',
  fires: 'stays silent',
  recovers: 'does not stop firing afterwards',
  'stays-silent': 'fires',
};

/** A rule that does otherwise in virtual time, and tests that were not made or would not notice. */
export function wouldFireMutants({ rule }: AlertRequirement, facts: AlertFacts): Mutants {
  const { wouldFire, ...untried } = facts;
  if (wouldFire === undefined || 'trouble' in wouldFire) return [];
  const { tests, mutants, ...rest } = wouldFire;
  const trouble = { code: 'stack/unreachable', says: 'promtool did not start' };
  const other = (change: Partial<WouldFireFacts>): AlertFacts => ({ ...facts, wouldFire: { ...wouldFire, ...change } });
  return [
    worse('not-tried', `what ${rule} does was not tried`, untried),
    worse('trial-failed', `what ${rule} does could not be tried`, { ...facts, wouldFire: { trouble } }),
    ...tests.flatMap((test, index) => [
      worse(
        'test-failed',
        `when ${test.situation}, ${rule} ${did[test.check]}`,
        other({ tests: tests.with(index, { ...test, passed: false, words: 'FAILED:\n    expr: "ALERTS"' }) }),
      ),
      worse(
        'test-missing',
        `whether ${rule} ${did[test.check]} when ${test.situation} was not tried`,
        other({ tests: tests.toSpliced(index, 1) }),
      ),
    ]),
    worse('mutants-not-tried', 'whether the gate would notice another rule was not tried', { ...facts, wouldFire: { ...rest, tests } }),
    ...(Array.isArray(mutants)
      ? mutants.map((mutant, index) =>
          worse(
            'mutant-survived',
            `no test notices it if ${mutant.says}`,
            other({ mutants: mutants.with(index, { ...mutant, killed: false }) }),
          ),
        )
      : []),
  ];
}
