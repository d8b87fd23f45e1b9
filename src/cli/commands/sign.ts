import { resolve } from 'node:path';
import { readPublicKey, readSigningKey } from '../../attest/keys.ts';
import { Fault } from '../../base/fault.ts';
import { decisionText } from '../../gate/decide.ts';
import { signReport, type Signing } from '../../report/sign.ts';
import { visible } from '../../report/visible.ts';
import type { Io } from '../io.ts';
import { showChecks } from '../show-checks.ts';
import { paint } from '../style.ts';
import type { VerifyParts } from './verify.ts';

export interface SignCommandOptions {
  readonly folder: string;
  /** The file of the approver's private key. */
  readonly key: string;
  /** The approver's name. */
  readonly as: string;
  /** The file of the gate's public key. */
  readonly gateKey?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Approves a report and says so. Resolves with the exit code; throws Faults for usage, unreadable keys and a folder that cannot be written to. */
export async function signCommand(options: SignCommandOptions, io: Io, parts: VerifyParts): Promise<0 | 1 | 3> {
  const name = approverName(options.as);
  const key = await readSigningKey(resolve(io.cwd, options.key));
  const publicKey = options.gateKey === undefined ? undefined : await readPublicKey(resolve(io.cwd, options.gateKey));
  const signing = await signReport({ ...parts, folder: resolve(io.cwd, options.folder), key, name, publicKey, now: io.now() });
  io.stdout.write(options.json === true ? asJson(options.folder, signing) : asText(options.folder, signing, io));
  if (signing.outcome !== 'refused') return 0;
  return signing.verification.exitCode === 3 ? 3 : 1;
}

const longestName = 200;

function approverName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > longestName || visible(name) !== name) {
    throw new Fault('usage/bad-argument', `--as must be the approver's name: a line of 1 to ${String(longestName)} characters`, {
      hint: 'write --as "Grace Hopper"',
    });
  }
  return name;
}

function asJson(folder: string, signing: Signing): string {
  const { verification, outcome } = signing;
  const rest = signing.outcome === 'refused' ? { because: signing.because } : { approval: signing.approval };
  return `${JSON.stringify({ folder, outcome, ...rest, decision: verification.decision, checks: verification.checks }, null, 2)}\n`;
}

function asText(folder: string, signing: Signing, io: Io): string {
  const checks = showChecks(signing.verification.checks, io);
  const [first = '', ...rest] = conclusion(folder, signing);
  return [`Verifying ${visible(folder)} before it is signed`, '', ...checks, '', paint(io.color, 'bold', first), ...rest, ''].join('\n');
}

function conclusion(folder: string, signing: Signing): readonly string[] {
  if (signing.outcome === 'refused') return [`NOT SIGNED. ${signing.because}`];
  const { keyId, name, at, file } = signing.approval;
  if (signing.outcome === 'signed-before')
    return [`APPROVED BEFORE, by "${visible(name)}" at ${at}: a key approves once, so nothing was written.`, `  ${file}`];
  const { checks, report } = signing.verification;
  const unchecked = checks.some(({ check, holds }) => check === 'signature' && holds === 'unknown');
  return [
    `APPROVED by "${visible(name)}" at ${at}: ${report === undefined ? '' : decisionText[report.decision]}`,
    `  ${file}, with key ${keyId}`,
    ...(unchecked ? ['  Who ran the gate was not checked, and the approval does not say so: give its public key with --gate-key.'] : []),
    ...(report?.signature?.keyId === keyId ? ['  This key signed the report as well: a policy counts it only if it says so.'] : []),
    '',
    'Next:',
    `  liveproof verify ${visible(folder)} --policy FILE`,
  ];
}
