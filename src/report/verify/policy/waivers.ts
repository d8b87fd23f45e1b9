import type { Policy } from '../../policy.ts';
import type { ReportItem } from '../../report.ts';
import { conclude, no, type VerifyCheck } from '../check.ts';
import type { PolicyInput } from './input.ts';

/** Whether what the gate let pass unproven passes the policy too. */
export function checkWaivers({ waivers }: Policy, { report }: PolicyInput): readonly VerifyCheck[] {
  const waived = report.items.filter(({ state }) => state === 'waived');
  const troubles = waived.flatMap((item) => {
    const refusal = refuse(waivers, item);
    return refusal === undefined ? [] : [no(`item "${item.id}" is waived, and the policy ${refusal}`)];
  });
  const says = waived.length === 0 ? 'nothing is waived' : `${waived.map(({ id }) => id).join(', ')} waived, which the policy allows`;
  return conclude('policy-waivers', troubles, says);
}

function refuse(waivers: Policy['waivers'], { severity }: ReportItem): string | undefined {
  if (waivers === 'allowed') return undefined;
  if (waivers === 'refused') return 'allows no waivers';
  if (severity !== undefined && waivers.severities.includes(severity)) return undefined;
  return `allows waivers of severity ${waivers.severities.join(', ')} only, not ${severity === undefined ? 'of items without one' : `of ${severity}`}`;
}
