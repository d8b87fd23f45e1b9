import type { Basis } from '../../base/basis.ts';
import { ruleBasis } from '../../gate/basis/loaded-rule.ts';
import { routeBasis } from '../../gate/basis/route.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** The rule that always fires, its route, what the switch was told, and the channel of its alarm. */
export async function restsOnWatchdog({ rule, tells }: WatchdogRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { declared, signal } = context;
  const rules = (await context.prometheus().alertingRules(signal)).filter(({ name }) => name === rule);
  const routes = await Promise.all(rules.map(({ labels }) => routeBasis(context.alertmanager(), rule, labels, signal)));
  const state = await context.deadMan().state(signal);
  return [
    { what: `the rule ${rule}`, value: rules.map((each) => ruleBasis(each).value) },
    ...routes.flat(),
    {
      what: "the dead-man's switch",
      value: state && { name: state.name, periodMs: state.periodMs, graceMs: state.graceMs, integrations: state.integrations },
    },
    ...(tells === undefined ? [] : [declared.channel(tells)]),
  ];
}
