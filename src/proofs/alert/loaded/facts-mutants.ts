import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { chooseRule } from './choose.ts';
import type { LoadedFacts, Rule } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

/** Another rule than the one that is required, or one that nobody evaluates, or whose alerts go elsewhere. */
export function loadedMutants(requirement: AlertRequirement, facts: AlertFacts): Mutants {
  const { loaded } = facts;
  const rule = chooseRule(requirement, loaded.rules);
  if (rule === undefined) return [];
  const { name } = rule;
  const other = (change: Partial<LoadedFacts>): AlertFacts => ({ ...facts, loaded: { ...loaded, ...change } });
  const changed = (change: Partial<Rule>): AlertFacts =>
    other({ rules: loaded.rules.map((each) => (each === rule ? { ...each, ...change } : each)) });
  const { alertmanagers: _, ...untold } = loaded;
  const longAgo = new Date(loaded.clocks.prometheusMs - 86_400_000).toISOString();
  const seen = seenAtAlertmanager(facts);
  return [
    worse('rule-gone', `there is no rule ${name}`, other({ rules: loaded.rules.filter((each) => each !== rule) })),
    worse('rule-twice', `there are two rules ${name}, which nothing tells apart`, other({ rules: [...loaded.rules, rule] })),
    worse('rule-broken', `${name} cannot be evaluated`, changed({ health: 'err', lastError: 'parse error' })),
    worse('rule-not-evaluated', `${name} was never evaluated`, changed({ health: 'unknown' })),
    worse('evaluation-aged', `${name} was last evaluated yesterday`, changed({ lastEvaluation: longAgo })),
    ...requiredMutants(requirement, rule, changed),
    worse('no-alertmanager', 'Prometheus sends its alerts nowhere', other({ alertmanagers: [] })),
    worse('other-alertmanager', 'Prometheus sends its alerts elsewhere', other({ alertmanagers: ['http://elsewhere.invalid:9093'] }), seen),
    worse('alertmanagers-untold', 'where alerts are sent is not told', { ...facts, loaded: untold }, seen),
  ];
}

/** The alert itself says more than any address. */
function seenAtAlertmanager({ fired }: AlertFacts): string | undefined {
  const isSeen = fired !== undefined && 'outcome' in fired && fired.outcome === 'watched' && fired.atAlertmanager !== undefined;
  return isSeen ? "the rule's own alert was seen at the gate's Alertmanager, so it is sent there by whatever name" : undefined;
}

function requiredMutants(requirement: AlertRequirement, rule: Rule, changed: (change: Partial<Rule>) => AlertFacts): Mutants {
  const { name, forMs, labels, annotations } = rule;
  const longer = forMs === 0 ? 60_000 : forMs * 2;
  const isWaitFree = requirement.for === undefined && forMs > 0;
  return [
    worse(
      'for-changed',
      `${name} waits ${forMs === 0 ? 'a minute' : 'twice as long'} before it fires`,
      changed({ forMs: longer }),
      isWaitFree ? 'the gate does not say how long the rule must wait ("for"), and its tests took the time that is loaded' : undefined,
    ),
    ...Object.keys(requirement.labels).map((label) =>
      worse('label-changed', `${name} has another ${label}`, changed({ labels: { ...labels, [label]: 'other' } })),
    ),
    ...requirement.annotations.map((annotation) =>
      worse(
        'annotation-emptied',
        `the annotation ${annotation} of ${name} is empty`,
        changed({ annotations: { ...annotations, [annotation]: '' } }),
      ),
    ),
    ...(requirement.expression === undefined
      ? []
      : [worse('expression-changed', `${name} asks something else`, changed({ query: 'vector(0) > 1' }))]),
  ];
}
