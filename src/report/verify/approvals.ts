import { parseVerifyingKey, type VerifyingKey } from '../../attest/keys.ts';
import { openApproval, refuseSignature } from '../../attest/verify.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { Fault } from '../../base/fault.ts';
import { approvalFile, approvalOf, claimedIn, isApprovable, isApprovalFile, type Approval } from '../approval.ts';
import { attestationFile, type Report } from '../report.ts';
import { clockSkewMs } from './age.ts';
import { conclude, no, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';
import type { ReadFile } from './read-file.ts';

export interface ApprovalsCheck {
  readonly checks: readonly VerifyCheck[];
  /** Those that were not changed and are of this report; whose they are is another question. */
  readonly approvals: readonly Approval[];
}

/** Whether every approval beside the report is whole, signed with the key that it names, and of this very report. */
export function checkApprovals(files: ReportFiles, report: Report, now: Date): ApprovalsCheck {
  const found = [...files.top].filter(([name]) => isApprovalFile(name));
  if (found.length === 0) return { checks: [], approvals: [] };
  const read = found.map(([name, file]) => readApproval(name, file, files, report, now));
  const approvals = read.filter((each) => typeof each !== 'string');
  const troubles = read.flatMap((each, index) => (typeof each === 'string' ? [no(`${found[index]?.[0] ?? ''} ${each}`)] : []));
  const named = approvals.map(({ name, keyId, at }) => `"${name}" with key ${keyId} at ${at}`);
  return {
    approvals,
    checks: conclude('approvals', troubles, `unchanged, and of this report: ${named.join(', ')}; whose keys they are, a policy says`),
  };
}

/** Approvals are small: a name, a key, a digest. */
const mostBytes = 64 * 1024;

/** Returns why it is refused, to follow the file's name. */
function readApproval(name: string, { bytes }: ReadFile, files: ReportFiles, report: Report, now: Date): Approval | string {
  if (bytes.length > mostBytes) return `is larger than ${String(mostBytes)} bytes, which no approval is`;
  const opened = openApproval(bytes);
  if (!opened.opened) return opened.says;
  const claimed = claimedIn(opened.statement, opened.keyId);
  const key = enclosedKey(claimed.approver.publicKey);
  if (key === undefined) return 'encloses no public key that can be read';
  const refusal = refuseSignature(opened, key);
  if (refusal !== undefined) return refusal;
  const own = approvalFile(opened.keyId);
  if (name !== own) return `holds the approval of key ${opened.keyId}, which belongs into ${own}`;
  const attestation = files.top.get(attestationFile)?.sha256;
  if (attestation === undefined) return 'approves a report that is not signed';
  const { decision } = report;
  if (!isApprovable(decision)) return 'approves a report that says DO NOT PROCEED';
  if (opened.statement.subject[0]?.digest.sha256 !== attestation) return 'approves another report';
  const expected = approvalOf({ ...claimed, report: { ...report, decision }, attestation });
  if (canonicalJson(opened.statement) !== canonicalJson(expected)) return 'says something else of the report than an approval does';
  const { at, approver } = claimed;
  if (Date.parse(at) < Date.parse(report.finishedAt) - clockSkewMs) return `is from ${at}, before the report was there`;
  if (Date.parse(at) > now.getTime() + clockSkewMs) return `is from the future: ${at}, and it is ${now.toISOString()}`;
  return { file: name, keyId: opened.keyId, name: approver.name, at };
}

function enclosedKey(pem: string): VerifyingKey | undefined {
  try {
    return parseVerifyingKey(pem, 'the approval');
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
