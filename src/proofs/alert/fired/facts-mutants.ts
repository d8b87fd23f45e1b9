import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { heldMutants } from '../routed/facts-mutants.ts';
import type { FiredFacts, Watched } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

/** A rule that does not notice the real fault, or nobody gets to know that it did. */
export function firedMutants(requirement: AlertRequirement, facts: AlertFacts): Mutants {
  const { fired, ...untried } = facts;
  if (fired === undefined || 'trouble' in fired || fired.outcome !== 'watched') return [];
  const { rule } = requirement;
  const { atAlertmanager: held, ...unseen } = fired;
  const trouble = { code: 'stack/unreachable', says: 'nobody answered' };
  const became = (change: FiredFacts): AlertFacts => ({ ...facts, fired: change });
  const other = (change: Partial<Watched>): AlertFacts => became({ ...fired, ...change });
  const late = fired.transitions.map((each) => (each.state === 'firing' ? { ...each, afterMs: fired.allowedMs + 1 } : each));
  const fires = [
    worse('fault-not-tried', 'no fault was made', became({ outcome: 'no-fault' })),
    worse('firing-not-looked-at', `nobody looked whether ${rule} fires`, untried),
    worse('firing-untold', `nobody could look whether ${rule} fires`, { ...facts, fired: { trouble } }),
    worse('not-quiet', `${rule} was firing before the fault`, became({ outcome: 'not-quiet', state: 'firing' })),
    worse('fault-refused', 'the fault was refused', became({ outcome: 'refused', answer: { status: 403, excerpt: '' } })),
    worse('never-fired', `${rule} stayed silent`, other({ transitions: fired.transitions.filter(({ state }) => state !== 'firing') })),
    worse('fired-late', `${rule} fired too late`, other({ transitions: late })),
    worse(
      'template-broken',
      `an annotation of ${rule} cannot be filled in`,
      other({ annotations: { ...fired.annotations, summary: '<error expanding template: no value>' } }),
    ),
  ];
  if (held === undefined || 'trouble' in held) return fires;
  return [
    ...fires,
    worse('alert-lost', `${rule} fires, and its alert does not come to Alertmanager`, became(unseen)),
    worse('alert-untold', `${rule} fires, and Alertmanager does not answer`, other({ atAlertmanager: { trouble } })),
    ...heldMutants(requirement, held, (change) => other({ atAlertmanager: change })).map((each) => ({
      ...each,
      change: `fired-${each.change}`,
      says: `the rule's own alert: ${each.says}`,
    })),
  ];
}
