import type { Policy } from '../policy.ts';
import { oldestMs, type Report } from '../report.ts';
import { formatDuration } from '../../base/duration.ts';
import { approximately } from './age.ts';
import { conclude, no, type VerifyCheck } from './check.ts';
import { checkCount } from './policy/count.ts';
import { checkGrades, checkItems } from './policy/grades.ts';
import type { PolicyInput } from './policy/input.ts';
import { checkWaivers } from './policy/waivers.ts';

/** Holds a report against a policy, line by line. Pure; what it says holds only when every other check does. */
export function checkPolicy(policy: Policy, input: PolicyInput): readonly VerifyCheck[] {
  const { report } = input;
  return [
    ...checkName('gate', policy.gate, report.gate),
    ...checkName('environment', policy.environment, report.environment),
    ...checkKey(policy, report),
    ...checkAge(policy, input),
    ...checkCount(policy, input),
    ...checkGrades(policy, input),
    ...checkItems(policy, input),
    ...checkWaivers(policy, input),
    ...checkWhole(input),
  ];
}

function checkName(what: 'gate' | 'environment', asked: string, is: string): readonly VerifyCheck[] {
  const troubles = is === asked ? [] : [no(`the report is of the ${what} "${is}", and the policy asks for "${asked}"`)];
  return conclude(`policy-${what}`, troubles, `the ${what} is "${asked}", as the policy asks`);
}

function checkKey({ keys }: Policy, { signature }: Report): readonly VerifyCheck[] {
  const says = `may run the gate: the policy trusts ${keys.map(({ keyId }) => keyId).join(', ')}`;
  if (signature === undefined)
    return conclude('policy-key', [no(`the report does not say that it was signed by somebody who ${says}`)], '');
  const trusted = keys.some(({ keyId }) => keyId === signature.keyId);
  const troubles = trusted ? [] : [no(`key ${signature.keyId} signed the report, and is none that ${says}`)];
  return conclude('policy-key', troubles, `key ${signature.keyId} is trusted to run the gate`);
}

function checkAge({ maxAgeMs }: Policy, { report, now }: PolicyInput): readonly VerifyCheck[] {
  if (maxAgeMs === undefined) return [];
  const ageMs = now.getTime() - oldestMs(report);
  const says = `its oldest evidence is ${approximately(ageMs)} old, and the policy allows ${formatDuration(maxAgeMs)}`;
  return conclude('policy-age', ageMs > maxAgeMs ? [no(says)] : [], says);
}

/** What nobody tried must not slip through, whatever is said of it otherwise. */
function checkWhole({ report, untried }: PolicyInput): readonly VerifyCheck[] {
  const troubles = untried.map(({ id, because }) => no(`item "${id}" ${because}: the policy asks for the whole gate`));
  const carried = report.items.filter(({ carriedFrom }) => carriedFrom !== undefined).length;
  const rest = carried === 0 ? '' : `, ${String(carried)} of them in an earlier run`;
  return conclude(
    'policy-whole',
    troubles,
    `${report.items.length === 1 ? 'the one item was' : `all ${String(report.items.length)} items were`} tried${rest}`,
  );
}
