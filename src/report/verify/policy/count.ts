import { formatDuration } from '../../../base/duration.ts';
import type { Approval } from '../../approval.ts';
import type { ApprovalsPolicy, Policy } from '../../policy.ts';
import { approximately } from '../age.ts';
import { conclude, no, type VerifyCheck } from '../check.ts';
import type { PolicyInput } from './input.ts';

/** Whether enough people have approved. Everybody counts once, whatever the number of their keys. */
export function checkCount(policy: Policy, { report, approvals, now }: PolicyInput): readonly VerifyCheck[] {
  const asked = policy.approvals;
  if (asked === undefined) return [];
  const gateKeys = new Set([...policy.keys.map(({ keyId }) => keyId), ...(report.signature === undefined ? [] : [report.signature.keyId])]);
  const people = new Map<string, string>();
  const uncounted: string[] = [];
  for (const approval of approvals) {
    const person = asked.from.find(({ keyId }) => keyId === approval.keyId)?.name;
    const why = whyNot(approval, asked, { listed: person !== undefined, isGateKey: gateKeys.has(approval.keyId), now });
    if (person === undefined || why !== undefined) uncounted.push(`"${approval.name}" does not count: ${why ?? ''}`);
    else people.set(person, `${shownName(person, approval)} at ${approval.at}`);
  }
  const says = [`${String(people.size)} of ${approvalCount(asked.atLeast)}`, ...people.values()].join(', ');
  const whole = [says, ...uncounted].join('; ');
  return conclude('policy-approvals', people.size < asked.atLeast ? [no(whole)] : [], whole);
}

function approvalCount(count: number): string {
  return `${String(count)} ${count === 1 ? 'approval' : 'approvals'}`;
}

/** The key says who it is; what people call themselves is shown when it differs. */
function shownName(person: string, { name }: Approval): string {
  return name === person ? person : `${person} (signed as "${name}")`;
}

function whyNot(
  { keyId, at }: Approval,
  { maxAgeMs, gateKeyCounts }: ApprovalsPolicy,
  { listed, isGateKey, now }: { readonly listed: boolean; readonly isGateKey: boolean; readonly now: Date },
): string | undefined {
  if (!listed) return `key ${keyId} is none of the policy's approvers`;
  if (isGateKey && !gateKeyCounts) return `key ${keyId} runs the gate, and cannot approve its own report`;
  const ageMs = now.getTime() - Date.parse(at);
  if (maxAgeMs !== undefined && ageMs > maxAgeMs)
    return `it has expired: it is from ${at}, ${approximately(ageMs)} ago, and ${formatDuration(maxAgeMs)} are allowed`;
  return undefined;
}
