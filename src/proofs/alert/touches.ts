import { testAlertTouch } from '../../gate/activate-alert.ts';
import { faultTouch } from '../../gate/fault-touch.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { TouchContext } from '../../gate/proof.ts';
import type { Touch } from '../../gate/touch.ts';
import { parseAlertmanagerConfig } from '../../stack/alertmanager/config.ts';
import { formatInhibitRule } from '../../stack/alertmanager/routing.ts';
import { harmless, testLabels } from '../../stack/alertmanager/test-alert.ts';
import { chooseRule } from './loaded/choose.ts';
import type { Rule } from './loaded/facts.ts';
import type { AlertRequirement } from './requirement.ts';

/** A test alert that nobody waits for is ended as soon as it was seen in Alertmanager. */
const briefMs = 60_000;
/** On top of the time allowed for the delivery, so that the alert is not over before it is told. */
const slackMs = 30_000;

/** How long the test alert lasts if nobody ends it; one that is followed until people have it lasts longer. */
export function testAlertLastsMs({ deliveredWithin, acknowledgedWithin = 0 }: AlertRequirement, isFollowed: boolean): number {
  return isFollowed ? Math.max(deliveredWithin, acknowledgedWithin) + slackMs : briefMs;
}

/** A test alert with the labels of the loaded rule, and the fault that makes the rule itself fire. A rule that is not loaded touches nothing. */
export async function alertTouches(requirement: AlertRequirement, context: TouchContext): Promise<readonly Touch[]> {
  const isWanted = (rung: Grade): boolean => rungOf(ladders.alert, context.grade) >= rungOf(ladders.alert, rung);
  if (!isWanted('routed')) return [];
  const rule = chooseRule(requirement, await context.prometheus().alertingRules(context.signal));
  if (rule === undefined) return [];
  const test = await testTouch(rule, testAlertLastsMs(requirement, isWanted('delivered')), context);
  return requirement.fault === undefined || !isWanted('fired')
    ? [test]
    : [test, await alertFaultTouch(requirement.fault, requirement, context)];
}

/** The fault, and the alerts that it makes fire. */
export async function alertFaultTouch(
  fault: NonNullable<AlertRequirement['fault']>,
  { rule }: AlertRequirement,
  context: TouchContext,
): Promise<Touch> {
  return await faultTouch(fault, context, { isOwn: ({ name }) => name === rule });
}

async function testTouch(rule: Rule, lastsMs: number, { nonce, signal, ...context }: TouchContext): Promise<Touch> {
  const alertmanager = context.alertmanager();
  const config = parseAlertmanagerConfig((await alertmanager.status(signal)).config);
  const safe = harmless(config, testLabels(rule, nonce), nonce);
  if ('labels' in safe) return testAlertTouch(safe, lastsMs, [alertmanager]);
  return { does: 'test-alert', says: `no test alert ${rule.name}: by ${formatInhibitRule(safe.because)} it would hold back real alerts` };
}
