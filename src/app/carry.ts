import { createPublicKey } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SigningKey } from '../attest/keys.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Redactor } from '../base/redact.ts';
import { evidenceIn, type Evidence } from '../gate/evidence.ts';
import type { Gate, Item } from '../gate/gate.ts';
import type { Proof } from '../gate/proof.ts';
import type { ItemResult } from '../gate/run.ts';
import { setupDigest } from '../gate/setup.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { verifyReport } from '../report/verify.ts';

export interface CarryOptions {
  /** The folder of this gate's reports. */
  readonly folder: string;
  readonly gate: Gate;
  readonly redactor: Redactor;
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly reporters: readonly Reporter[];
  readonly toolVersion: string;
  /** The key of this run: a signed report must not rest on one that somebody else could have written. */
  readonly key?: SigningKey | undefined;
  readonly now: Date;
  /** Where the carried evidence goes. */
  readonly evidence: Evidence;
}

export interface Carried {
  readonly items: ReadonlyMap<string, ItemResult>;
  /** For people: from which report, or why from none. */
  readonly says: string;
}

/** What the newest report of this gate and environment has proven: still fresh, asked for in the same words and of the same systems, and verified like a stranger's report. */
export async function carryProven(options: CarryOptions): Promise<Carried> {
  const names = (await readdir(options.folder).catch(() => [])).filter((name) => !name.startsWith('.')).toSorted();
  const newest = names.at(-1);
  if (newest === undefined) return { items: new Map(), says: 'there is no earlier report: every item is tried' };
  const folder = join(options.folder, newest);
  const { gate, redactor, proofs, reporters, toolVersion, now } = options;
  const verification = await verifyReport({ folder, publicKey: publicPem(options.key), now, proofs, reporters, toolVersion });
  const { report } = verification;
  // Age is judged item by item below; being unsigned matters only when this run is to be signed.
  const trouble = verification.checks.find(
    ({ check, holds }) => check !== 'age' && (holds === 'no' || (holds === 'unknown' && options.key !== undefined)),
  );
  if (report === undefined || trouble !== undefined) {
    return { items: new Map(), says: `${folder} cannot be relied on (${trouble?.says ?? 'no report'}): every item is tried` };
  }
  if (report.environment !== gate.environment)
    return { items: new Map(), says: `${folder} is of the environment ${report.environment}: every item is tried` };
  if (report.setup !== setupDigest(redactor.value(gate))) {
    const says = `the gate's stack, channels, checks, people or boards are not those of ${folder}: every item is tried`;
    return { items: new Map(), says };
  }
  const items = new Map<string, ItemResult>();
  for (const item of gate.items) {
    const earlier = report.items.find(({ id }) => id === item.id);
    if (earlier === undefined || !isStillProven(earlier, item, options)) continue;
    items.set(item.id, await carry(earlier, item, report, folder, options));
  }
  return { items, says: `${String(items.size)} of ${String(gate.items.length)} items are still proven by ${folder}` };
}

function isStillProven(earlier: ReportItem, item: Item, { redactor, gate, now }: CarryOptions): boolean {
  const ageMs = now.getTime() - Date.parse(earlier.finishedAt);
  const asked = canonicalJson([item.proof, item.grade, redactor.value(item.requirement)]);
  const answered = canonicalJson([earlier.proof, earlier.requiredGrade, earlier.requirement]);
  return earlier.state === 'proven' && ageMs <= gate.policy.maxAgeMs && asked === answered;
}

async function carry(
  earlier: ReportItem,
  item: Item,
  report: Report,
  folder: string,
  { evidence, redactor }: CarryOptions,
): Promise<ItemResult> {
  const source = evidenceIn(join(folder, evidenceFolder));
  for (const name of earlier.evidence) await evidence.put(await source.get(name));
  const { state, grade, subjects, reasons, timelines, startedAt, finishedAt } = earlier;
  return {
    item: redactor.value(item),
    verdict: { state, grade, subjects, reasons, ...(timelines === undefined ? {} : { timelines }) },
    evidence: earlier.evidence,
    startedAt,
    finishedAt,
    carriedFrom: earlier.carriedFrom ?? report.startedAt,
  };
}

function publicPem(key: SigningKey | undefined): string | undefined {
  return key === undefined ? undefined : createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
