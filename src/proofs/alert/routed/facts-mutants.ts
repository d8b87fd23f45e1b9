import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Held, Posted } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

/** An alert that goes to others, or to nobody, or that the test alert does not stand for. */
export function routedMutants(requirement: AlertRequirement, facts: AlertFacts): Mutants {
  const { routed, ...unrouted } = facts;
  if (routed === undefined || 'trouble' in routed || routed.outcome !== 'posted' || routed.held === undefined) return [];
  const { held, ...unseen } = routed;
  const { routes } = routed;
  const trouble = { code: 'stack/unreachable', says: 'nobody answered' };
  const became = (change: AlertFacts['routed']): AlertFacts => ({ ...facts, routed: change });
  const other = (change: Partial<Posted>): AlertFacts => became({ ...routed, ...change });
  const routing = (change: Partial<Posted['routes']>): AlertFacts => other({ routes: { ...routes, ...change } });
  return [
    worse('route-not-looked-at', 'where Alertmanager routes it was not looked at', unrouted),
    worse('route-untold', 'where Alertmanager routes it could not be looked at', became({ trouble })),
    worse(
      'not-posted',
      'no test alert was posted, because it would have held back real ones',
      became({ outcome: 'not-posted', inhibitRule: 'critical over warning' }),
    ),
    worse('not-held', 'Alertmanager did not show the test alert', became(unseen)),
    ...heldMutants(requirement, held, (change) => other({ held: change })),
    worse('test-labels-matter', 'without the labels of the test it goes elsewhere', routing({ withoutTestLabels: ['somebody-else'] })),
    worse(
      'configuration-differs',
      'by its configuration it goes elsewhere',
      routing({ withTestLabels: ['somebody-else'], withoutTestLabels: ['somebody-else'] }),
    ),
    worse('muted-at-times', 'its route is muted at some hours', routing({ timeIntervals: [...routes.timeIntervals, 'liveproof-drill'] })),
  ];
}

/** The alert as Alertmanager could hold it instead; the rule's own one is held no otherwise than the test's. */
export function heldMutants({ receivers, onlyReceivers }: AlertRequirement, held: Held, other: (change: Held) => AlertFacts): Mutants {
  return [
    worse('receiver-swapped', 'it goes to somebody else', other({ ...held, receivers: ['somebody-else'] })),
    ...receivers.map((receiver) =>
      worse(
        'receiver-lost',
        `it does not go to ${receiver}`,
        other({ ...held, receivers: held.receivers.filter((each) => each !== receiver) }),
      ),
    ),
    ...(onlyReceivers
      ? [worse('receiver-added', 'it goes to somebody else as well', other({ ...held, receivers: [...held.receivers, 'somebody-else'] }))]
      : []),
    worse('silenced', 'it is silenced', other({ ...held, state: 'suppressed', silencedBy: ['a silence'] })),
    worse('inhibited', 'it is inhibited', other({ ...held, state: 'suppressed', inhibitedBy: ['another alert'] })),
    worse('muted', 'it is muted now', other({ ...held, mutedBy: ['night'] })),
    worse('suppressed', 'it is suppressed, and nobody says why', other({ ...held, state: 'suppressed' })),
  ];
}
