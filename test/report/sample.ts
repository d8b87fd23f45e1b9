import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { generateKeyPairSync } from 'node:crypto';
import { newKeyPair, parseSigningKey, parseVerifyingKey, type SigningKey, type VerifyingKey } from '../../src/attest/keys.ts';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256, type Sha256 } from '../../src/base/digest.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { findingsOn } from '../../src/gate/finding.ts';
import type { Gate, Item } from '../../src/gate/gate.ts';
import { ladders } from '../../src/gate/grade.ts';
import { observationRecord, type ObservationRecord } from '../../src/gate/observation.ts';
import { defineProof, type Proof } from '../../src/gate/proof.ts';
import type { GateRun, ItemResult } from '../../src/gate/run.ts';
import { blockedBy, judgeRecord } from '../../src/gate/verdict.ts';
import { applyWaiver } from '../../src/gate/apply-waiver.ts';
import { buildReport, keepSource, type ReportMeta } from '../../src/report/build.ts';
import { writeReport } from '../../src/report/folder.ts';
import type { Report } from '../../src/report/report.ts';
import { verifyReport, type Verification, type VerifyReportOptions } from '../../src/report/verify.ts';
import type { Reporter } from '../../src/report/reporter.ts';
import { reporters } from '../../src/reporters/index.ts';
import { gateOf } from '../gate/gate-of.ts';

/** Lamps that must be lit: a proof kind small enough to see through. */
const lamps = defineProof({
  kind: 'lamps',
  summary: 'The lamps are lit',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement: z.strictObject({ lamps: z.array(z.string()) }),
  facts: z.strictObject({ lit: z.array(z.string()) }),
  observe: () => Promise.reject(new Error('a verifier observes nothing')),
  judge: (wanted, seen) =>
    wanted.lamps.map((lamp) => {
      const about = findingsOn(lamp, 'passed');
      return seen.lit.includes(lamp) ? about.yes(`${lamp} is lit`) : about.no(`${lamp} is dark`, `switch ${lamp} on`);
    }),
});
export const proofs: ReadonlyMap<string, Proof> = new Map([['lamps', lamps]]);

const startedAt = '2026-03-01T09:00:00.000Z';
const finishedAt = '2026-03-01T09:02:30.500Z';
/** Five minutes after the sample run began. */
export const now = new Date('2026-03-01T09:05:00.000Z');
export const toolVersion = '0.1.0';

export interface SampleItem {
  readonly id: string;
  readonly lit?: readonly string[];
  readonly failure?: ObservationRecord['failure'];
  readonly needs?: readonly string[];
  readonly carriedFrom?: string;
  readonly observedAt?: readonly [string, string];
  readonly item?: Partial<Item>;
}

export interface Sample {
  readonly run: GateRun;
  readonly evidence: ReadonlyMap<Sha256, Uint8Array>;
}

/** A run of a gate whose every item wants the lamps `red` and `green` lit. */
export function sampleRun(items: readonly SampleItem[], gate: Partial<Gate> = {}): Sample {
  const evidence = new Map<Sha256, Uint8Array>();
  const results: ItemResult[] = [];
  for (const sample of items) results.push(resultOf(sample, results, evidence, gate));
  const whole = gateOf({
    name: 'lamps',
    title: 'All lamps, before the opening',
    ref: ['L-G1'],
    items: results.map(({ item }) => item),
    ...gate,
  });
  return { run: { gate: whole, startedAt, finishedAt, items: results }, evidence };
}

function resultOf(
  sample: SampleItem,
  before: readonly ItemResult[],
  evidence: Map<Sha256, Uint8Array>,
  { waivers = [], policy }: Partial<Gate>,
): ItemResult {
  const { id, lit, failure, needs = [], carriedFrom, observedAt = ['2026-03-01T09:00:01.000Z', '2026-03-01T09:00:13.250Z'] } = sample;
  const item: Item = {
    id,
    ref: [`L-${id}`],
    statement: `The lamps of ${id} are lit`,
    proof: 'lamps',
    grade: 'passed',
    needs,
    timeoutMs: 60_000,
    requirement: { lamps: ['red', 'green'] },
    ...sample.item,
  };
  const [observed, ended] = observedAt;
  const times = { startedAt: observed, finishedAt: ended };
  const stands = ['proven', 'waived'];
  const unproven = needs.filter((need) => !stands.includes(before.find((other) => other.item.id === need)?.verdict.state ?? ''));
  if (unproven.length > 0) return { item, verdict: blockedBy(lamps.ladder, id, unproven), evidence: [], ...times };
  const facts = lit === undefined ? {} : { facts: { lit: [...lit] } };
  const record = observationRecord.parse({ item: id, proof: 'lamps', nonce: `lp-${id}`, ...times, ...facts, failure });
  const text = canonicalJson(record);
  const screenshot = `a picture of ${id}`;
  const names = [text, screenshot].map((each) => {
    evidence.set(sha256(each), Buffer.from(each));
    return sha256(each);
  });
  return {
    item,
    ...applyWaiver(judgeRecord(lamps, item, record), item, record, { waivers, policy: policy?.waivers, atMs: Date.parse(startedAt) }),
    evidence: names,
    ...times,
    ...(carriedFrom === undefined ? {} : { carriedFrom }),
  };
}

export const healthy: readonly SampleItem[] = [
  { id: 'hall', lit: ['red', 'green'] },
  { id: 'stairs', lit: ['red', 'green'], needs: ['hall'] },
];

export const dark: readonly SampleItem[] = [
  { id: 'hall', lit: ['green'] },
  { id: 'stairs', needs: ['hall'] },
  { id: 'cellar', failure: { code: 'stack/unreachable', says: 'the cellar cannot be reached', hint: 'open its door' } },
];

export interface Pair {
  readonly signing: SigningKey;
  readonly verifying: VerifyingKey;
  readonly privatePem: string;
  readonly publicPem: string;
}

function pairOf({ privatePem, publicPem }: { readonly privatePem: string; readonly publicPem: string }): Pair {
  return {
    signing: parseSigningKey(privatePem, 'gate.pem'),
    verifying: parseVerifyingKey(publicPem, 'gate.pub.pem'),
    privatePem,
    publicPem,
  };
}

export const p256 = (): Pair => pairOf(newKeyPair());

export function ed25519(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return pairOf({
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
}

const gateFile = Buffer.from('gate: lamps\nvariables: { PASSWORD: open-sesame }\n');

export const sources = [keepSource({ role: 'gate', path: 'gates/lamps/gate.yaml', bytes: gateFile }, createRedactor(['open-sesame']))];

export function sampleReport({ run }: Sample, meta: Partial<ReportMeta> = {}): Report {
  return buildReport(run, { toolVersion, operator: 'Ada', sources, ...meta });
}

/** A folder that is gone at the end of the test. */
export const temporaryFolder = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(join(tmpdir(), 'liveproof-report-'));

/** Writes a sample's report, possibly after somebody changed it, and returns its folder. */
export function writeSample(
  root: string,
  sample: Sample,
  key?: SigningKey,
  change: (report: Report) => Report = (report) => report,
  rendered: readonly Reporter[] = reporters,
): Promise<string> {
  return writeReport({
    root,
    report: change(sampleReport(sample, { keyId: key?.keyId })),
    evidence: (name) => Promise.resolve(sample.evidence.get(name) ?? Buffer.from('')),
    sources,
    reporters: rendered,
    key,
  });
}

export function verify(folder: string, publicKey?: string, options: Partial<VerifyReportOptions> = {}): Promise<Verification> {
  return verifyReport({ folder, publicKey, now, proofs, reporters, toolVersion, ...options });
}

/** What does not hold, as `check: sentence`. */
export function refusals({ checks }: Verification): readonly string[] {
  return checks.filter(({ holds }) => holds !== 'yes').map(({ check, holds, says }) => `${check} ${holds}: ${says}`);
}
