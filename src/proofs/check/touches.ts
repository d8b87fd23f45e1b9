import { faultTouch } from '../../gate/fault-touch.ts';
import type { TouchContext } from '../../gate/proof.ts';
import type { Touch } from '../../gate/touch.ts';
import type { CheckRequirement } from './requirement.ts';

/** The check is run as its probe does it; its target is broken only for the highest grade. */
export async function checkTouches({ check, times, fault }: CheckRequirement, context: TouchContext): Promise<readonly Touch[]> {
  const says = context.grade === 'passed' ? `the check ${check} is run` : `the check ${check} is run ${String(times)} times`;
  const run: Touch = { does: 'check', says };
  return fault === undefined || context.grade !== 'shown-to-fail' ? [run] : [run, await faultTouch(fault, context)];
}
