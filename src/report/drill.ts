import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import { drillItem, type ItemDrill } from '../gate/drill.ts';
import type { Grade } from '../gate/grade.ts';
import { observationRecord } from '../gate/observation.ts';
import type { Proof } from '../gate/proof.ts';
import { weighFacts } from '../gate/verdict.ts';
import { reportFile, reportText, type Report, type ReportItem } from './report.ts';
import type { ReportFiles } from './verify/files.ts';
import { json } from './verify/read-file.ts';

/** The drill's own file beside report.json, when it was attached. */
export const drillFile = 'drill.json';

const survivor = z.strictObject({ change: z.string(), says: z.string(), harmless: z.string().optional() });
const count = z.int().nonnegative();

const drilledItem = z.strictObject({
  id: z.string(),
  /** The proof kind. */
  proof: z.string(),
  canFail: z.boolean(),
  informed: z.boolean(),
  changes: z.array(z.strictObject({ change: z.string(), tried: count, noticed: count })),
  survivors: z.array(survivor),
});
export type DrilledItem = Readonly<z.infer<typeof drilledItem>>;

/** What a drill found, as drill.json keeps it. */
export const drill = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('liveproof'), version: z.string() }),
  /** The report that was drilled. */
  report: z.strictObject({ gate: z.string(), sha256: z.string() }),
  /** Of the proof kinds that know which changes matter. */
  changes: z.strictObject({ tried: count, noticed: count }),
  items: z.array(drilledItem),
  /** Items that were not tried: those that fail already, and those of which nothing could be told. */
  notDrilled: z.array(z.strictObject({ id: z.string(), failsAlready: z.boolean(), says: z.string() })),
});
export type Drill = Readonly<z.infer<typeof drill>>;

export interface DrillReportOptions {
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly toolVersion: string;
}

/** Drills every proven item of a report from its evidence alone. Pure: the same folder always gives the same drill. */
export function drillReport(files: ReportFiles, report: Report, { proofs, toolVersion }: DrillReportOptions): Drill {
  const found = report.items.map((item) => drillOf(item, files, proofs));
  const items = found.filter((each) => 'changes' in each);
  const counted = items.filter(({ informed }) => informed).flatMap(({ changes }) => changes);
  return {
    schemaVersion: 1,
    tool: { name: 'liveproof', version: toolVersion },
    report: { gate: report.gate, sha256: files.top.get(reportFile)?.sha256 ?? sha256(reportText(report)) },
    changes: { tried: sum(counted.map(({ tried }) => tried)), noticed: sum(counted.map(({ noticed }) => noticed)) },
    items,
    notDrilled: found.filter((each) => 'says' in each),
  };
}

/** The one way in which drill.json is written. */
export function drillText(found: Drill): string {
  return `${JSON.stringify(drill.parse(found), null, 2)}\n`;
}

/** What a drill comes to. */
export interface DrillConclusion {
  readonly cannotFail: readonly DrilledItem[];
  /** Survivors that nothing explains, in words. */
  readonly unexplained: readonly string[];
  /** Of the changes that matter, the part that was noticed; absent when none was tried. */
  readonly share?: number;
  /** 0 every item can fail, enough is noticed, and the rest is explained · 1 not so · 3 nothing was drilled, or something could not be. */
  readonly exitCode: 0 | 1 | 3;
}

/** `atLeast` is a share, from 0 to 1. */
export function concludeDrill({ changes, items, notDrilled }: Drill, atLeast: number): DrillConclusion {
  const cannotFail = items.filter(({ canFail }) => !canFail);
  const unexplained = items.flatMap(({ id, survivors }) =>
    survivors.filter(({ harmless }) => harmless === undefined).map(({ says }) => `${id}: ${says}`),
  );
  const share = changes.tried === 0 ? undefined : changes.noticed / changes.tried;
  const isWeak = cannotFail.length + unexplained.length > 0 || (share ?? 1) < atLeast;
  const isUnsure = items.length === 0 || notDrilled.some(({ failsAlready }) => !failsAlready);
  const exitCode = isWeak ? 1 : isUnsure ? 3 : 0;
  return { cannotFail, unexplained, exitCode, ...(share === undefined ? {} : { share }) };
}

type NotDrilled = Drill['notDrilled'][number];

function drillOf(item: ReportItem, files: ReportFiles, proofs: ReadonlyMap<string, Proof>): DrilledItem | NotDrilled {
  const { id, state } = item;
  if (state !== 'proven') return { id, failsAlready: true, says: `it is ${state}` };
  const proof = proofs.get(item.proof);
  if (proof === undefined) return { id, failsAlready: false, says: `this liveproof knows no proof kind "${item.proof}"` };
  try {
    const drilled = drillEvidence(proof, item, files);
    return 'says' in drilled ? { id, failsAlready: false, ...drilled } : { id, proof: item.proof, ...copied(drilled) };
  } catch (error) {
    // Requirement and facts may come from a stranger, shaped as no loader would have let them through.
    return { id, failsAlready: false, says: `its evidence cannot be judged: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function drillEvidence(proof: Proof, item: ReportItem, files: ReportFiles): ItemDrill | { readonly says: string } {
  const [name = ''] = item.evidence;
  const file = files.evidence.get(name);
  const record = observationRecord.safeParse(file?.sha256 === name ? json(file.bytes) : undefined);
  if (!record.success) return { says: 'its observation is missing, or was changed' };
  const judged = { id: item.id, grade: item.requiredGrade as Grade, requirement: item.requirement };
  const facts = proof.facts.safeParse(record.data.facts);
  if (!facts.success || weighFacts(proof, judged, facts.data).state !== 'proven') return { says: 'its evidence does not prove it' };
  return drillItem(proof, judged, facts.data);
}

function copied({ canFail, informed, changes, survivors }: ItemDrill): Omit<DrilledItem, 'id' | 'proof'> {
  return { canFail, informed, changes: changes.map((each) => ({ ...each })), survivors: survivors.map((each) => ({ ...each })) };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}
