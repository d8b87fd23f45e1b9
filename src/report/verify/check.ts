import type { Holds } from '../../gate/finding.ts';

export const checkNames = [
  'files',
  'report',
  'signature',
  'subjects',
  'evidence',
  'renderings',
  'judgement',
  'decision',
  'drill',
  'age',
  /** Only where there are any. */
  'approvals',
  /** Only with a policy; one for each of its lines. */
  'policy-gate',
  'policy-environment',
  'policy-key',
  'policy-age',
  'policy-approvals',
  'policy-grades',
  'policy-items',
  'policy-waivers',
  'policy-whole',
] as const;
export type CheckName = (typeof checkNames)[number];

/** One thing looked at while verifying a report. */
export interface VerifyCheck {
  readonly check: CheckName;
  /** `unknown` keeps a report from being relied on just as `no` does. */
  readonly holds: Holds;
  /** One sentence; names the file and what differs. */
  readonly says: string;
}

/** What kept a file or an item from passing a check. */
export interface Trouble {
  readonly holds: 'no' | 'unknown';
  readonly says: string;
}

export const no = (says: string): Trouble => ({ holds: 'no', says });
export const unknown = (says: string): Trouble => ({ holds: 'unknown', says });

/** Every trouble of a check, or the one line that it holds. */
export function conclude(check: CheckName, troubles: readonly Trouble[], holds: string): readonly VerifyCheck[] {
  if (troubles.length === 0) return [{ check, holds: 'yes', says: holds }];
  return troubles.map((trouble) => ({ check, ...trouble }));
}
