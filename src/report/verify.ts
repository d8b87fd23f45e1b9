import { parseVerifyingKey, type VerifyingKey } from '../attest/keys.ts';
import type { Statement } from '../attest/statement.ts';
import type { Sha256 } from '../base/digest.ts';
import { decide, exitCodeOf, type Decision } from '../gate/decide.ts';
import { attestationFile, pdfFile, report as reportSchema, reportFile, reportText, type Report } from './report.ts';
import type { Reporter } from './reporter.ts';
import type { Approval } from './approval.ts';
import { judgingOf, proofsOf, type Judges } from './judge-items.ts';
import type { Policy } from './policy.ts';
import { checkAge } from './verify/age.ts';
import { drillFile } from './drill.ts';
import { checkApprovals } from './verify/approvals.ts';
import { conclude, no, unknown, type VerifyCheck } from './verify/check.ts';
import { checkDrill } from './verify/drill.ts';
import { checkEvidence } from './verify/evidence.ts';
import { readFolder, strangers, type ReportFiles } from './verify/files.ts';
import { checkJudgement } from './verify/judgement.ts';
import { checkPolicy } from './verify/policy.ts';
import { untriedIn } from './verify/untried.ts';
import { json, utf8 } from './verify/read-file.ts';
import { checkRenderings } from './verify/renderings.ts';
import { checkSignature, checkSubjects } from './verify/signature.ts';
import { checkWaivers } from './verify/waivers.ts';

/** The proof kinds (or who else judges) judge the evidence again. */
export type VerifyReportOptions = Judges & VerifyOptions;

export interface VerifyOptions {
  readonly folder: string;
  /** SPKI PEM, of whoever is trusted to run the gate. Without it nobody's signature is checked, and the report stays unverified. */
  readonly publicKey?: string | undefined;
  /** What whoever relies on the report asks of it beyond what the gate asked; trusts its own keys when no key is given. */
  readonly policy?: Policy | undefined;
  /** Beats the report's own policy. */
  readonly maxAgeMs?: number | undefined;
  readonly now: Date;
  /** The reporters, to write the report's readable files again. */
  readonly reporters: readonly Reporter[];
  readonly toolVersion: string;
}

export interface Verification {
  readonly checks: readonly VerifyCheck[];
  /** Absent when report.json cannot be read. */
  readonly report?: Report;
  /** The digest of its attestation, when it has one: what an approval is an approval of. */
  readonly attestation?: Sha256;
  /** Who consented to it; only those that hold. */
  readonly approvals: readonly Approval[];
  /** What stands in the folder, as it was verified. */
  readonly files: ReportFiles;
  /** What the evidence itself says, whatever the report says. */
  readonly decision: Decision;
  /** 0 authentic and proceed · 1 refused, or something is disproven · 3 something could not be told. */
  readonly exitCode: 0 | 1 | 3;
}

/**
 * Verifies a report without trusting the machine that made it: signature, digests, the verdicts (judged again from the evidence),
 * and age. Whatever a stranger put into the folder ends in a check that does not hold.
 * Throws the Faults `report/unreadable` (no such folder) and `key/unreadable`.
 */
export async function verifyReport(options: VerifyReportOptions): Promise<Verification> {
  const { policy } = options;
  const trusted = options.publicKey === undefined ? (policy?.keys ?? []) : [parseVerifyingKey(options.publicKey, 'the public key')];
  const { files, report, statement, checks: asFiles } = await openReport(options.folder, options.reporters, trusted);
  if (report === undefined) return { checks: asFiles, files, approvals: [], decision: 'do-not-proceed', exitCode: 1 };

  const [judged, drill, renderings] = await Promise.all([
    judgingOf(options)('verdict', files, report),
    checkDrill(files, report, options),
    // Last of the three: where others judge meanwhile, they have begun.
    Promise.try(checkRenderings, files, report, statement, options),
  ]);
  const { states, checks: judgement } = checkJudgement(judged);
  const told = states.map((state) => state ?? 'inconclusive');
  const decision = decide(told);
  const { approvals, checks: approval } = checkApprovals(files, report, options.now);
  const all = [
    ...asFiles,
    ...renderings,
    ...judgement,
    ...checkDecision(report, decision, states.includes(undefined)),
    ...drill,
    ...checkAge(report, options.now, options.maxAgeMs),
    ...approval,
    ...(policy === undefined
      ? []
      : checkPolicy(policy, { report, approvals, now: options.now, proofs: await proofsOf(options), untried: untriedIn(report, files) })),
    ...checkWaivers(report, options.now),
  ];
  const attestation = files.top.get(attestationFile)?.sha256;
  const found = { checks: all, report, files, approvals, decision, exitCode: exitCode(all, exitCodeOf(told)) };
  return attestation === undefined ? found : { ...found, attestation };
}

/** A report's folder, as far as it can be checked without judging anything again. */
export interface OpenedReport {
  readonly files: ReportFiles;
  readonly report?: Report;
  readonly statement?: Statement;
  readonly checks: readonly VerifyCheck[];
}

/** Reads a report's folder: its files, signature, what is signed, and the evidence by its digests. Throws as `verifyReport` does. */
export async function openReport(folder: string, reporters: readonly Reporter[], trusted: readonly VerifyingKey[]): Promise<OpenedReport> {
  const files = await readFolder(folder);
  const { report, checks: read } = readReport(files);
  const { statement, checks: signature } = checkSignature(files, report, trusted);
  const known = new Set([drillFile, pdfFile, ...reporters.map(({ file }) => file), ...(statement?.subject ?? []).map(({ name }) => name)]);
  const checks = [
    ...conclude('files', [...files.troubles, ...strangers(files, known)], 'the folder holds what belongs to the report, and nothing else'),
    ...read,
    ...signature,
    ...(statement === undefined ? [] : checkSubjects(files, report, statement)),
    ...(report === undefined ? [] : checkEvidence(files, report)),
  ];
  return { files, checks, ...(report === undefined ? {} : { report }), ...(statement === undefined ? {} : { statement }) };
}

function readReport(files: ReportFiles): { readonly checks: readonly VerifyCheck[]; readonly report?: Report } {
  const file = files.top.get(reportFile);
  // Already said by the check of the files.
  if (file === undefined) return { checks: [] };
  const value = json(file.bytes);
  if (value === undefined) return { checks: conclude('report', [no(`${reportFile} is not JSON: it was cut off or changed`)], '') };
  const parsed = parse(value);
  if (typeof parsed === 'string') return { checks: conclude('report', [no(`${reportFile} is not a report: ${parsed}`)], '') };
  const spelled = utf8(file.bytes) === reportText(value);
  const troubles = spelled
    ? []
    : [no(`${reportFile} is not written as liveproof writes it: something in it was added, removed or changed`)];
  const { gate, environment, items, tool } = parsed;
  const says = `${reportFile}: gate ${gate}, environment ${environment}, ${String(items.length)} items, by liveproof ${tool.version}`;
  return { checks: conclude('report', troubles, says), report: parsed };
}

/** Returns what is wrong with it. */
function parse(value: unknown): Report | string {
  try {
    const parsed = reportSchema.safeParse(value);
    // As it stands in the file, with its keys in their order: that is what was rendered.
    if (parsed.success) return value as Report;
    const [issue] = parsed.error.issues;
    return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`;
  } catch (error) {
    // JSON nested thousands of levels deep exhausts the stack.
    if (error instanceof RangeError) return 'it is nested too deeply';
    throw error;
  }
}

function checkDecision(report: Report, decision: Decision, incomplete: boolean): readonly VerifyCheck[] {
  const same = report.decision === decision;
  const says = `the report decides ${report.decision}, its evidence decides ${decision}`;
  return conclude('decision', same ? [] : [incomplete ? unknown(says) : no(says)], `the evidence leads to the same decision: ${decision}`);
}

function exitCode(checks: readonly VerifyCheck[], ofDecision: 0 | 1 | 3): 0 | 1 | 3 {
  if (checks.some(({ holds }) => holds === 'no')) return 1;
  const unsure = checks.some(({ holds }) => holds === 'unknown');
  return unsure && ofDecision === 0 ? 3 : ofDecision;
}
