import { z } from 'zod';
import { decisions } from '../gate/decide.ts';
import { verdict } from '../gate/verdict.ts';

export const reportFile = 'report.json';
export const evidenceFolder = 'evidence';
/** Printed from the page, where there was a browser. */
export const pdfFile = 'report.pdf';
export const attestationFile = 'attestation.sigstore.json';
/** Of a report's folder until it is whole. */
export const unfinishedPrefix = '.unfinished-';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 digest in lower-case hex');
const time = z.iso.datetime();

/** One line of the checklist: what was asked for, what came out, and the evidence for it. */
export const reportItem = z.strictObject({
  id: z.string(),
  statement: z.string(),
  ref: z.array(z.string()),
  severity: z.string().optional(),
  /** The proof kind. */
  proof: z.string(),
  needs: z.array(z.string()),
  requiredGrade: z.string(),
  /** The grades that its proof has, lowest first; reports of earlier versions lack it. */
  ladder: z.array(z.string()).optional(),
  ...verdict.shape,
  /** What was asked for, without its secrets: a verifier judges the evidence by it again. */
  requirement: z.record(z.string(), z.json()),
  /** The observation first, then what it refers to. Empty for a blocked item. */
  evidence: z.array(digest),
  startedAt: time,
  finishedAt: time,
  /** When an earlier run proved it and this one did not try again: that run's start. */
  carriedFrom: time.optional(),
});
export type ReportItem = Readonly<z.infer<typeof reportItem>>;

/** A file that the gate was loaded from. */
export const reportSource = z.strictObject({
  role: z.enum(['gate', 'environment', 'items', 'check', 'board']),
  path: z.string(),
  /** Of the file as it was. */
  sha256: digest,
  /** The evidence that holds it; another digest than `sha256` when secrets were taken out. */
  kept: digest,
});
export type ReportSource = Readonly<z.infer<typeof reportSource>>;

/** A gate run as it is kept, shown and verified. Times are UTC. */
export const report = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: z.strictObject({ name: z.literal('liveproof'), version: z.string() }),
    gate: z.string(),
    title: z.string(),
    ref: z.array(z.string()),
    environment: z.string(),
    /** Why the environment differs from the gate as written, and in what. */
    because: z.string().optional(),
    overrides: z.array(z.strictObject({ path: z.string(), from: z.json().optional(), to: z.json().optional() })),
    /** Who ran the gate. */
    operator: z.string(),
    /** The digest of where the items were tried (see gate/setup); reports of earlier versions lack it. */
    setup: digest.optional(),
    startedAt: time,
    finishedAt: time,
    /** When the oldest of its evidence is older than the policy allows. */
    expiresAt: time,
    policy: z.strictObject({ maxAgeMs: z.number().nonnegative() }),
    decision: z.enum(decisions),
    items: z.array(reportItem),
    sources: z.array(reportSource),
    /** Stands here so that taking the attestation away does not go unnoticed. */
    signature: z.strictObject({ file: z.literal(attestationFile), keyId: z.string() }).optional(),
  })
  .refine(({ items }) => new Set(items.map(({ id }) => id)).size === items.length, 'two items have the same id');
export type Report = Readonly<z.infer<typeof report>>;

/** The one way in which report.json is written. */
export function reportText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** When the oldest of the evidence was gathered, in ms since 1970: a report is as old as that. */
export function oldestMs({ finishedAt, items }: Pick<Report, 'finishedAt' | 'items'>): number {
  const carried = items.filter((item) => item.carriedFrom !== undefined).map((item) => Date.parse(item.finishedAt));
  return Math.min(Date.parse(finishedAt), ...carried);
}
