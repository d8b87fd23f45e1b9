import { testAlertTouch } from '../../gate/activate-alert.ts';
import { faultTouch } from '../../gate/fault-touch.ts';
import type { TouchContext } from '../../gate/proof.ts';
import type { Touch } from '../../gate/touch.ts';
import { parseAlertmanagerConfig } from '../../stack/alertmanager/config.ts';
import { formatInhibitRule } from '../../stack/alertmanager/routing.ts';
import { harmless, testLabels } from '../../stack/alertmanager/test-alert.ts';
import type { Labels } from '../../stack/labels.ts';
import type { RedundancyRequirement } from './requirement.ts';

/** A name of its own: in a group with earlier ones it would wait for the group's interval, or be told again with their end. */
export function testRule(labels: Labels, nonce: string): { readonly name: string; readonly labels: Labels } {
  return { name: `LiveproofRedundancy_${nonce}`, labels };
}

/** If nobody ends it. */
export function testAlertLastsMs({ deliveredWithin, settle }: Pick<RedundancyRequirement, 'deliveredWithin' | 'settle'>): number {
  return deliveredWithin + settle + 60_000;
}

/** One test alert with everything in place, and one for everything that is taken away. */
export async function redundancyTouches(requirement: RedundancyRequirement, context: TouchContext): Promise<readonly Touch[]> {
  if (context.grade === 'clustered') return [];
  const [test, ...taken] = await Promise.all([
    testTouch(requirement, context),
    ...requirement.takeAway.map((each) => faultTouch(each, context, { does: 'take-away' })),
  ]);
  return [test, ...taken];
}

async function testTouch(requirement: RedundancyRequirement, { nonce, signal, ...context }: TouchContext): Promise<Touch> {
  const all = context.alertmanagers();
  const config = parseAlertmanagerConfig((await context.alertmanager().status(signal)).config);
  const rule = testRule(requirement.labels, `${nonce}r0z`);
  const safe = harmless(config, testLabels(rule, nonce), nonce);
  if ('because' in safe) {
    return { does: 'test-alert', says: `no test alert: by ${formatInhibitRule(safe.because)} it would hold back real alerts` };
  }
  const times = requirement.takeAway.length + 1;
  const touch = testAlertTouch(safe, testAlertLastsMs(requirement), all);
  return {
    ...touch,
    says: `${times === 1 ? 'a test alert is' : `${String(times)} test alerts, one after another, are`} active in Alertmanager`,
  };
}
