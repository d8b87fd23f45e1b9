import { resolve } from 'node:path';
import { readPublicKey } from '../../attest/keys.ts';
import { parseDuration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import { decisionText } from '../../gate/decide.ts';
import type { Holds } from '../../gate/finding.ts';
import type { Proof } from '../../gate/proof.ts';
import type { Reporter } from '../../report/reporter.ts';
import { verifyReport, type Verification } from '../../report/verify.ts';
import { visible } from '../../report/visible.ts';
import type { Io } from '../io.ts';
import { paint, wrap } from '../style.ts';

export interface VerifyCommandOptions {
  readonly folder: string;
  /** The file of the public key. */
  readonly key?: string | undefined;
  /** As a duration: `24h`. */
  readonly maxAge?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What this liveproof can judge and render. */
export interface VerifyParts {
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly reporters: readonly Reporter[];
  readonly toolVersion: string;
}

/** Verifies a report and says so, one line for each check, the decision last. Resolves with the exit code; throws Faults for usage and unreadable keys. */
export async function verifyCommand(options: VerifyCommandOptions, io: Io, parts: VerifyParts): Promise<0 | 1 | 3> {
  const maxAgeMs = options.maxAge === undefined ? undefined : parseDuration(options.maxAge);
  if (options.maxAge !== undefined && maxAgeMs === undefined) {
    throw new Fault('usage/bad-argument', `--max-age "${options.maxAge}" is not a duration`, { hint: 'write 30m, 24h or 7d' });
  }
  const verification = await verifyReport({
    ...parts,
    folder: resolve(io.cwd, options.folder),
    publicKey: options.key === undefined ? undefined : await readPublicKey(resolve(io.cwd, options.key)),
    maxAgeMs,
    now: io.now(),
  });
  io.stdout.write(options.json === true ? asJson(options.folder, verification) : asText(options.folder, verification, io));
  return verification.exitCode;
}

function asJson(folder: string, { checks, report, decision, exitCode }: Verification): string {
  const reported =
    report === undefined
      ? undefined
      : { gate: report.gate, environment: report.environment, finishedAt: report.finishedAt, decision: report.decision };
  return `${JSON.stringify({ folder, authentic: authentic(checks), decision, exitCode, report: reported, checks }, null, 2)}\n`;
}

const marks = { yes: ['✓', 'green'], no: ['✗', 'red'], unknown: ['?', 'yellow'] } as const satisfies Record<
  Holds,
  readonly [string, string]
>;

function asText(folder: string, verification: Verification, { color, columns = Infinity }: Pick<Io, 'color' | 'columns'>): string {
  const { checks } = verification;
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.map(({ check, holds, says }) => {
    const [mark, style] = marks[holds];
    const said = wrap(visible(says), columns, ' '.repeat(width + 6)).trimStart();
    return `  ${paint(color, style, mark)} ${check.padEnd(width)}  ${said}`;
  });
  const [first = '', ...rest] = conclusion(verification);
  return [`Verifying ${visible(folder)}`, '', ...lines, '', paint(color, 'bold', first), ...rest, ''].join('\n');
}

function authentic(checks: Verification['checks']): Holds {
  if (checks.some(({ holds }) => holds === 'no')) return 'no';
  return checks.some(({ holds }) => holds === 'unknown') ? 'unknown' : 'yes';
}

/** What it comes to, the sentence to remember first. */
function conclusion({ checks, report, decision }: Verification): readonly string[] {
  const stated = report === undefined ? 'nothing that can be read' : decisionText[report.decision];
  const holds = authentic(checks);
  if (holds === 'no') return ['REFUSED: do not rely on this report.', `It states ${stated}, but what is marked ✗ above does not hold.`];
  if (holds === 'unknown') return [`NOT VERIFIED: the report states ${stated}, but what is marked ? above could not be told.`];
  return [`${decisionText[decision]}: the report is authentic, and this is its decision.`, ...unproven(report)];
}

function unproven(report: Verification['report']): readonly string[] {
  const items = (report?.items ?? []).filter(({ state }) => state !== 'proven');
  return items.map(({ id, state, reasons }) => `  ${visible(`${id}: ${state}: ${reasons[0]?.says ?? ''}`)}`);
}
