import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { RouteFacts, RuleFacts, SwitchFacts, WatchdogFacts } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<WatchdogFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

export function configuredMutants(requirement: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  return [...ruleMutants(requirement, facts), ...routeMutants(requirement, facts), ...switchMutants(requirement, facts)];
}

function ruleMutants({ rule }: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  const { found } = facts.rule;
  const [only] = found;
  if (only === undefined) return [];
  const loaded = (change: RuleFacts['found']): WatchdogFacts => ({ ...facts, rule: { ...facts.rule, found: change } });
  return [
    worse('rule-gone', `there is no rule ${rule}`, loaded([])),
    worse('rule-twice', `there are two rules ${rule}`, loaded([only, ...found])),
    worse('rule-broken', `${rule} cannot be evaluated`, loaded([{ ...only, health: 'err', lastError: 'parse error' }])),
    worse('rule-pending', `${rule} does not fire yet`, loaded([{ ...only, state: 'pending' }])),
    worse('rule-without-alert', `${rule} has no alert`, loaded([{ ...only, alerts: [] }])),
  ];
}

function routeMutants({ rule, receiver }: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  const { route, ...unrouted } = facts;
  if (route === undefined) return [];
  const other = (change: Partial<RouteFacts>): WatchdogFacts => ({ ...facts, route: { ...route, ...change } });
  const held = (change: Partial<RouteFacts['held'][number]>): WatchdogFacts =>
    other({ held: route.held.map((each) => ({ ...each, ...change })) });
  const slow = route.routes.map((each) => ({ ...each, repeatIntervalMs: 86_400_000 }));
  return [
    worse('route-not-looked-at', `where Alertmanager routes ${rule} was not looked at`, unrouted),
    worse('not-held', `${rule} is not at Alertmanager`, other({ held: [] })),
    worse('receiver-swapped', `${rule} goes to another receiver than ${receiver}`, held({ receivers: ['somebody-else'] })),
    worse('silenced', `${rule} is silenced`, held({ state: 'suppressed', silencedBy: ['a silence'] })),
    worse('inhibited', `${rule} is inhibited`, held({ inhibitedBy: ['another alert'] })),
    worse('route-unknown', `the configuration has no route to ${receiver}`, other({ routes: [] })),
    worse('pings-seldom', `${rule} is told once a day`, other({ routes: slow })),
  ];
}

function switchMutants({ noticedWithin }: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  const { deadMan } = facts;
  if ('trouble' in deadMan || deadMan.state === undefined) return [];
  const { state } = deadMan;
  const other = (change: SwitchFacts['state']): WatchdogFacts => ({ ...facts, deadMan: change === undefined ? {} : { state: change } });
  const { integrations: _, ...untold } = state;
  const { periodMs: __, ...scheduled } = state;
  return [
    worse('switch-gone', "there is no such dead-man's switch", other(undefined)),
    worse('switch-untold', "the dead-man's switch does not answer", { ...facts, deadMan: { trouble } }),
    worse('switch-paused', "the dead-man's switch is paused", other({ ...state, status: 'paused' })),
    worse('tells-nobody', "the dead-man's switch tells nobody", other({ ...state, integrations: 0 })),
    worse('integrations-untold', "whom the dead-man's switch tells is not shown", other(untold)),
    worse('switch-by-schedule', "the dead-man's switch goes by a schedule", other(scheduled)),
    worse('switch-slow', "the dead-man's switch waits too long", other({ ...state, graceMs: noticedWithin + 1 })),
  ];
}
