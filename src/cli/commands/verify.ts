import { resolve } from 'node:path';
import { readPublicKey } from '../../attest/keys.ts';
import { parseDuration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import { loadPolicy } from '../../config/load-policy.ts';
import { decisionText } from '../../gate/decide.ts';
import type { Holds } from '../../gate/finding.ts';
import { proofsOf, type Judges } from '../../report/judge-items.ts';
import type { Reporter } from '../../report/reporter.ts';
import { verifyReport, type Verification } from '../../report/verify.ts';
import { visible } from '../../report/visible.ts';
import type { Io } from '../io.ts';
import { exitCodes } from '../exit-code.ts';
import { showFaults } from '../show-fault.ts';
import { showChecks } from '../show-checks.ts';
import { paint } from '../style.ts';

export interface VerifyCommandOptions {
  readonly folder: string;
  /** The file of the public key. */
  readonly key?: string | undefined;
  /** As a duration: `24h`. */
  readonly maxAge?: string | undefined;
  /** The file of the policy. */
  readonly policy?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What this liveproof can judge and render. */
export type VerifyParts = Judges & {
  readonly reporters: readonly Reporter[];
  readonly toolVersion: string;
};

/** Verifies a report and says so, one line for each check, the decision last. Resolves with the exit code; throws Faults for usage and unreadable keys. */
export async function verifyCommand(options: VerifyCommandOptions, io: Io, parts: VerifyParts): Promise<0 | 1 | 2 | 3> {
  const maxAgeMs = options.maxAge === undefined ? undefined : parseDuration(options.maxAge);
  if (options.maxAge !== undefined && maxAgeMs === undefined) {
    throw new Fault('usage/bad-argument', `--max-age "${options.maxAge}" is not a duration`, { hint: 'write 30m, 24h or 7d' });
  }
  const loaded =
    options.policy === undefined ? undefined : await loadPolicy({ file: resolve(io.cwd, options.policy), proofs: await proofsOf(parts) });
  if (loaded?.ok === false) {
    io.stderr.write(`${showFaults(loaded.faults, { color: io.color, width: io.columns ?? 80, cwd: io.cwd })}\n`);
    return exitCodes.usage;
  }
  const verification = await verifyReport({
    ...parts,
    policy: loaded?.policy,
    folder: resolve(io.cwd, options.folder),
    publicKey: options.key === undefined ? undefined : await readPublicKey(resolve(io.cwd, options.key)),
    maxAgeMs,
    now: io.now(),
  });
  const policy = loaded?.policy.name;
  io.stdout.write(options.json === true ? asJson(options.folder, verification, policy) : asText(options.folder, verification, policy, io));
  return verification.exitCode;
}

function asJson(folder: string, { checks, report, approvals, decision, exitCode }: Verification, policy: string | undefined): string {
  const reported =
    report === undefined
      ? undefined
      : { gate: report.gate, environment: report.environment, finishedAt: report.finishedAt, decision: report.decision };
  const { ofReport, ofPolicy } = parted(checks);
  const kept = policy === undefined ? undefined : { name: policy, holds: worst(ofPolicy) };
  const said = { folder, authentic: worst(ofReport), policy: kept, decision, exitCode, report: reported, approvals, checks };
  return `${JSON.stringify(said, null, 2)}\n`;
}

/** Whether a report is what it says it is, and whether that is enough for somebody, are two questions. */
function parted(checks: Verification['checks']) {
  const isOfPolicy = ({ check }: Verification['checks'][number]): boolean => check.startsWith('policy-');
  return { ofReport: checks.filter((each) => !isOfPolicy(each)), ofPolicy: checks.filter(isOfPolicy) };
}

function asText(folder: string, verification: Verification, policy: string | undefined, io: Io): string {
  const [first = '', ...rest] = conclusion(verification, policy);
  const checks = showChecks(verification.checks, io);
  return [`Verifying ${visible(folder)}`, '', ...checks, '', paint(io.color, 'bold', first), ...rest, ''].join('\n');
}

function worst(checks: Verification['checks']): Holds {
  if (checks.some(({ holds }) => holds === 'no')) return 'no';
  return checks.some(({ holds }) => holds === 'unknown') ? 'unknown' : 'yes';
}

/** What it comes to, the sentence to remember first. */
function conclusion({ checks, report, decision }: Verification, policy: string | undefined): readonly string[] {
  const stated = report === undefined ? 'nothing that can be read' : decisionText[report.decision];
  const { ofReport, ofPolicy } = parted(checks);
  const holds = worst(ofReport);
  if (holds === 'no') return ['REFUSED: do not rely on this report.', `It states ${stated}, but what is marked ✗ above does not hold.`];
  if (holds === 'unknown') return [`NOT VERIFIED: the report states ${stated}, but what is marked ? above could not be told.`];
  const named = `the policy "${visible(policy ?? '')}"`;
  if (worst(ofPolicy) !== 'yes') {
    return [`REFUSED: the report is authentic and states ${stated}, but it is not what ${named} asks for.`, ...unproven(report)];
  }
  const kept = policy === undefined ? [] : [`It is all that ${named} asks for.`];
  return [`${decisionText[decision]}: the report is authentic, and this is its decision.`, ...kept, ...unproven(report)];
}

function unproven(report: Verification['report']): readonly string[] {
  const items = (report?.items ?? []).filter(({ state }) => state !== 'proven');
  return items.map(({ id, state, reasons }) => `  ${visible(`${id}: ${state}: ${reasons[0]?.says ?? ''}`)}`);
}
