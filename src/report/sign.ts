import { approverOf } from '../attest/approval.ts';
import type { SigningKey } from '../attest/keys.ts';
import { signStatement } from '../attest/sign.ts';
import { Fault } from '../base/fault.ts';
import { approvalFile, approvalOf, isApprovable, type Approval } from './approval.ts';
import type { Judges } from './judge-items.ts';
import { placeWhole } from './place-whole.ts';
import { verifyReport, type Verification, type VerifyOptions } from './verify.ts';

export type SignReportOptions = Judges & Omit<VerifyOptions, 'policy'> & Approver;

interface Approver {
  /** The approver's. */
  readonly key: SigningKey;
  /** The approver, as they call themselves. */
  readonly name: string;
}

export type Signing = { readonly verification: Verification } & (
  | { readonly outcome: 'signed' | 'signed-before'; readonly approval: Approval }
  /** `because` is a whole sentence. */
  | { readonly outcome: 'refused'; readonly because: string }
);

/**
 * Approves a report: verifies it first, and then writes the approval beside it. What does not hold is not signed; the same key signs once.
 * Throws the Faults of `verifyReport`, and `report/unwritable`.
 */
export async function signReport(options: SignReportOptions): Promise<Signing> {
  const { folder, key, name, now } = options;
  const verification = await verifyReport(options);
  const { report, attestation, checks } = verification;
  const refused = (because: string): Signing => ({ verification, outcome: 'refused', because });
  if (report !== undefined && attestation === undefined)
    return refused('The report is not signed, and an approval is of a signature: run the gate with --key.');
  // Whether the gate's own signature holds cannot be told without its key; the approval then does not say that it was looked at.
  const untold = (check: string): boolean => check === 'signature' && options.publicKey === undefined;
  const trouble = checks.find(({ check, holds }) => holds === 'no' || (holds === 'unknown' && !untold(check)));
  if (report === undefined || attestation === undefined || trouble !== undefined)
    return refused('The report does not hold, so there is nothing that could be approved.');
  const { decision } = report;
  if (!isApprovable(decision))
    return refused('The report says DO NOT PROCEED, and an approval cannot change that: prove what is missing, or have the gate waive it.');
  const before = verification.approvals.find(({ keyId }) => keyId === key.keyId);
  if (before !== undefined) return { verification, outcome: 'signed-before', approval: before };

  const at = now.toISOString();
  const checkedSignature = checks.some(({ check, holds }) => check === 'signature' && holds === 'yes');
  const statement = approvalOf({ report: { ...report, decision }, attestation, approver: approverOf(key, name), at, checkedSignature });
  const file = approvalFile(key.keyId);
  await place(folder, file, await signStatement(statement, key));
  return { verification, outcome: 'signed', approval: { file, keyId: key.keyId, name, at } };
}

async function place(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await placeWhole(folder, file, bytes).catch((cause: unknown) => {
    throw new Fault('report/unwritable', `the approval cannot be written to ${folder}: ${(cause as Error).message}`, { cause });
  });
}
