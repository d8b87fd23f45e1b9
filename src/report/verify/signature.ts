import { canonicalJson } from '../../base/canonical-json.ts';
import { openBundle, refuseSignature } from '../../attest/verify.ts';
import type { VerifyingKey } from '../../attest/keys.ts';
import type { Statement } from '../../attest/statement.ts';
import { statementOf } from '../attestation.ts';
import { isApprovalFile } from '../approval.ts';
import { drillFile } from '../drill.ts';
import { attestationFile, type Report } from '../report.ts';
import { conclude, no, unknown, type Trouble, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';

/** Whether the attestation was signed with the key, and what it states; the statement is to be believed only when the check holds. */
export interface SignatureCheck {
  readonly checks: readonly VerifyCheck[];
  readonly statement?: Statement;
}

/** `trusted` are the keys of those who may run the gate; without any, nobody's signature is checked. */
export function checkSignature(files: ReportFiles, report: Report | undefined, trusted: readonly VerifyingKey[]): SignatureCheck {
  const { statement, troubles, says } = signature(files, report, trusted);
  const checks = conclude('signature', troubles, says);
  return statement === undefined ? { checks } : { checks, statement };
}

function signature(
  files: ReportFiles,
  report: Report | undefined,
  trusted: readonly VerifyingKey[],
): { statement?: Statement; troubles: Trouble[]; says: string } {
  const file = files.top.get(attestationFile);
  const claimed = report?.signature?.keyId;
  if (file === undefined) {
    if (claimed !== undefined)
      return { troubles: [no(`${attestationFile} is missing, although the report was signed with key ${claimed}`)], says: '' };
    if (trusted.length > 0) return { troubles: [no(`${attestationFile} is missing: the report is not signed`)], says: '' };
    return { troubles: [unknown('the report is not signed: anybody may have written it')], says: '' };
  }
  const opened = openBundle(file.bytes);
  if (!opened.opened) return { troubles: [no(`${attestationFile} ${opened.says}`)], says: '' };
  const { statement, keyId } = opened;
  const key = trusted.find((each) => each.keyId === keyId) ?? trusted[0];
  if (key === undefined) {
    return {
      statement,
      troubles: [unknown(`${attestationFile} says that key ${keyId} signed it, which cannot be checked without --key`)],
      says: '',
    };
  }
  const refusal = refuseSignature(opened, key);
  const troubles = refusal === undefined ? [] : [no(`${attestationFile} ${refusal}`)];
  if (claimed !== undefined && claimed !== keyId) troubles.push(no(`report.json says that it was signed with another key: ${claimed}`));
  return { statement, troubles, says: `${attestationFile} was signed with key ${keyId}` };
}

/** Whether the attestation speaks of exactly these files, and says of them what the report says. */
export function checkSubjects(files: ReportFiles, report: Report | undefined, statement: Statement): readonly VerifyCheck[] {
  // A drill is attached to a signed report, and verified by drilling again.
  const unsigned = new Set([attestationFile, drillFile]);
  const present = new Map(
    [...files.top].filter(([name]) => !unsigned.has(name) && !isApprovalFile(name)).map(([name, file]) => [name, file.sha256]),
  );
  const gates = (report?.sources ?? []).filter(({ role }) => role === 'gate');
  const signed = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  const expected = new Map([...gates.map(({ path, sha256 }) => [path, sha256] as const), ...present]);
  const troubles: Trouble[] = [];
  for (const [name, sha256] of expected) {
    const was = signed.get(name);
    if (was === undefined) troubles.push(no(`${name} is not named in ${attestationFile}`));
    else if (was !== sha256) troubles.push(no(`${name} was changed after it was signed (SHA-256 is ${sha256}, signed was ${was})`));
  }
  for (const name of signed.keys()) {
    // Without a readable report, which of the others is the gate file cannot be told.
    if (!expected.has(name) && report !== undefined) troubles.push(no(`${name} was signed, but is missing`));
  }
  if (report !== undefined && canonicalJson(statement.predicate) !== canonicalJson(statementOf(report, present).predicate)) {
    troubles.push(
      no(`${attestationFile} states another result (${statement.predicate.result}) or other tests or configuration than report.json`),
    );
  }
  return conclude('subjects', troubles, `${[...expected.keys()].join(', ')} are what was signed`);
}
