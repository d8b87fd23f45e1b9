import type { Basis } from '../../base/basis.ts';
import { withoutCredentials } from '../../base/exchange.ts';
import { ruleBasis } from '../../gate/basis/loaded-rule.ts';
import { routeBasis } from '../../gate/basis/route.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { BasisContext } from '../../gate/proof.ts';
import { chooseRule } from './loaded/choose.ts';
import { activeAlertmanagers } from './loaded/observe.ts';
import type { AlertRequirement } from './requirement.ts';
import { observeScrapes } from './would-fire/scrapes.ts';

/** As far as the grade asks: the loaded rule and who is told, how its series are scraped, its route, its channels. */
export async function restsOn(requirement: AlertRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { declared, grade, signal } = context;
  const isWanted = (rung: Grade): boolean => rungOf(ladders.alert, grade) >= rungOf(ladders.alert, rung);
  const prometheus = context.prometheus();
  const [rules, told, version] = await Promise.all([
    prometheus.alertingRules(signal),
    activeAlertmanagers(prometheus, context),
    prometheus.version(signal),
  ]);
  const rule = chooseRule(requirement, rules);
  const found: Basis[] = [
    rule === undefined ? { what: `the rule ${requirement.rule}`, value: 'none, or several' } : ruleBasis(rule),
    { what: 'who is told by Prometheus', value: told?.map((url) => withoutCredentials(url).url).toSorted() },
    { what: 'the version of Prometheus', value: version },
  ];
  if (rule === undefined) return found;
  if (isWanted('would-fire')) {
    const { scrapes } = await observeScrapes(requirement, rule, context);
    found.push({ what: `how the series of ${rule.name} are scraped`, value: scrapes });
  }
  if (isWanted('routed')) found.push(...(await routeBasis(context.alertmanager(), rule.name, rule.labels, signal)));
  if (isWanted('delivered')) {
    const { channels, acknowledgedOn, resolvedOn } = requirement;
    found.push(...[...channels, ...acknowledgedOn, ...resolvedOn].map((name) => declared.channel(name)));
  }
  return found;
}
