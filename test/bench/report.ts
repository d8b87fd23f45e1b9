import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newKeyPair, parseSigningKey } from '../../src/attest/keys.ts';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256, type Sha256 } from '../../src/base/digest.ts';
import { createRedactor } from '../../src/base/redact.ts';
import type { Item } from '../../src/gate/gate.ts';
import { observationRecord } from '../../src/gate/observation.ts';
import type { ItemResult } from '../../src/gate/run.ts';
import { judgeRecord } from '../../src/gate/verdict.ts';
import { proofs } from '../../src/proofs/index.ts';
import { buildReport, keepSource } from '../../src/report/build.ts';
import { writeReport } from '../../src/report/folder.ts';
import { reporters } from '../../src/reporters/index.ts';
import { provenItems, type Proven } from '../proofs/proven.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { median, say, wallTimes } from './figures.ts';
import { gateOf } from '../gate/gate-of.ts';

/** What release managers wait for: a large report, verified and drilled, each by a process of its own. */
const items = 500;
const limitS = 2;
const runs = 5;

/** As the AccuBooks gate has them. */
const mix = { alert: 9, channel: 7, metrics: 6, access: 3, dashboard: 3, check: 2, redundancy: 1, retention: 1, scrape: 1, watchdog: 1 };

function* endlessly(): Generator<Proven> {
  for (;;)
    for (const [kind, times] of Object.entries(mix)) {
      const own = provenItems.filter((each) => each.kind === kind);
      for (let time = 0; time < times; time++) yield own[time % own.length] as Proven;
    }
}

/** Writes a signed report of proven items and returns its folder. */
async function writeLarge(root: string, privatePem: string): Promise<string> {
  const at = new Date(Date.now() - 60_000).toISOString();
  const evidence = new Map<Sha256, Uint8Array>();
  const results = [...endlessly().take(items)].map((proven, index) => resultOf(proven, `item-${String(index + 1)}`, at, evidence));
  const gate = gateOf({
    name: 'large',
    title: 'A gate of many items',
    items: results.map(({ item }) => item),
  });
  const sources = [keepSource({ role: 'gate', path: 'gates/large/gate.yaml', bytes: Buffer.from('gate: large\n') }, createRedactor([]))];
  const key = parseSigningKey(privatePem, 'gate.pem');
  const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
  const report = buildReport(
    { gate, startedAt: at, finishedAt: at, items: results },
    { toolVersion: version, operator: 'bench', sources, keyId: key.keyId },
  );
  if (report.decision !== 'proceed') throw new Error('every item of the report should be proven');
  return writeReport({ root, report, evidence: (name) => Promise.resolve(evidence.get(name) ?? Buffer.from('')), sources, reporters, key });
}

function resultOf({ kind, grade, requirement, facts }: Proven, id: string, at: string, evidence: Map<Sha256, Uint8Array>): ItemResult {
  const proof = proofs.get(kind);
  if (proof === undefined) throw new Error(`no proof kind ${kind}`);
  const parsed = proof.requirement.parse(requirement);
  const item: Item = { id, ref: [], statement: `${kind} is proven`, proof: kind, grade, needs: [], timeoutMs: 60_000, requirement: parsed };
  const record = observationRecord.parse({
    item: id,
    proof: kind,
    nonce: id,
    startedAt: at,
    finishedAt: at,
    facts: proof.facts.parse(facts),
  });
  const text = canonicalJson(record);
  evidence.set(sha256(text), Buffer.from(text));
  return { item, verdict: judgeRecord(proof, item, record), evidence: [sha256(text)], startedAt: at, finishedAt: at };
}

/** Whether both are within their limit. */
export async function benchReport(): Promise<boolean> {
  await using folder = await createTempFolder('bench-report');
  const { privatePem, publicPem } = newKeyPair();
  const publicKey = path.join(folder.path, 'gate.pub.pem');
  await writeFile(publicKey, publicPem);
  const report = await writeLarge(folder.path, privatePem);
  say(`A report of ${String(items)} items, mixed as those of AccuBooks; whole process, median of ${String(runs)}`);
  const within = [
    overOrNot('verify', await wallTimes(['verify', report, '--key', publicKey], runs)),
    overOrNot('drill', await wallTimes(['drill', report], runs)),
  ];
  return within.every(Boolean);
}

function overOrNot(command: string, walls: readonly number[]): boolean {
  const wallS = median(walls);
  const isWithin = wallS <= limitS;
  const spread = `${Math.min(...walls).toFixed(2)} to ${Math.max(...walls).toFixed(2)}`;
  say(
    `${isWithin ? 'PASS' : 'OVER'}  ${command.padEnd(6)} ${wallS.toFixed(2)} s of ${String(limitS)} s allowed (ratio ${(wallS / limitS).toFixed(2)}; ${spread} s)`,
  );
  return isWithin;
}
