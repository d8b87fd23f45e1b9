import { createPublicKey } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SigningKey } from '../attest/keys.ts';
import type { Redactor } from '../base/redact.ts';
import { evidenceIn, type Evidence } from '../gate/evidence.ts';
import type { Gate, Item } from '../gate/gate.ts';
import { observationRecord } from '../gate/observation.ts';
import type { Proof } from '../gate/proof.ts';
import type { ItemResult } from '../gate/run.ts';
import { setupDigest } from '../gate/setup.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { verifyReport } from '../report/verify.ts';
import type { BasisRead } from './basis.ts';
import { chooseFresh } from './fresh.ts';

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
  /** Items to prove again whatever is known of them. */
  readonly again: ReadonlySet<string>;
  /** What an item rests on now. */
  basis(item: Item): Promise<BasisRead>;
}

export interface Carried {
  readonly items: ReadonlyMap<string, ItemResult>;
  /** For people: from which report and what not, or why from none. */
  readonly says: string;
}

/** What the newest report of this gate and environment has proven and is still fresh; it is verified like a stranger's report. */
export async function carryProven(options: CarryOptions): Promise<Carried> {
  const names = (await readdir(options.folder).catch(() => [])).filter((name) => !name.startsWith('.')).toSorted();
  const newest = names.at(-1);
  if (newest === undefined) return nothing('there is no earlier report');
  const folder = join(options.folder, newest);
  const { gate, redactor, proofs, reporters, toolVersion, now } = options;
  const verification = await verifyReport({ folder, publicKey: publicPem(options.key), now, proofs, reporters, toolVersion });
  const { report } = verification;
  // Age is judged item by item, and what was waived is tried again; being unsigned matters only when this run is to be signed.
  const trouble = verification.checks.find(
    ({ check, holds }) => check !== 'age' && check !== 'waivers' && (holds === 'no' || (holds === 'unknown' && options.key !== undefined)),
  );
  if (report === undefined || trouble !== undefined) return nothing(`${folder} cannot be relied on (${trouble?.says ?? 'no report'})`);
  if (report.environment !== gate.environment) return nothing(`${folder} is of the environment ${report.environment}`);
  if (report.setup !== setupDigest(redactor.value(gate))) return nothing(`the gate asks other servers than ${folder}`);

  const source = evidenceIn(join(folder, evidenceFolder));
  const { fresh, because } = await chooseFresh({
    ...options,
    report,
    recordOf: async ({ evidence: [name = ''] }) => observationRecord.parse(JSON.parse(Buffer.from(await source.get(name)).toString())),
  });
  const items = new Map<string, ItemResult>();
  for (const [item, earlier] of fresh) items.set(item.id, await carry(earlier, item, report, source, options));
  const says = `${String(items.size)} of ${String(gate.items.length)} items are still proven by ${folder}`;
  return { items, says: [says, ...because].join('\n') };
}

function nothing(why: string): Carried {
  return { items: new Map(), says: `${why}: every item is tried` };
}

async function carry(
  earlier: ReportItem,
  item: Item,
  report: Report,
  source: Evidence,
  { evidence, redactor }: CarryOptions,
): Promise<ItemResult> {
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
