import { z } from 'zod';
import { drillItem, type ItemDrill } from '../gate/drill.ts';
import type { Grade } from '../gate/grade.ts';
import { observationRecord } from '../gate/observation.ts';
import type { Proof } from '../gate/proof.ts';
import { weighFacts } from '../gate/verdict.ts';
import type { ReportItem } from './report.ts';
import type { ReadReport } from './verify/files.ts';
import { json } from './verify/read-file.ts';

const survivor = z.strictObject({ change: z.string(), says: z.string(), harmless: z.string().optional() });
export const count = z.int().nonnegative();

export const drilledItem = z.strictObject({
  id: z.string(),
  /** The proof kind. */
  proof: z.string(),
  canFail: z.boolean(),
  informed: z.boolean(),
  changes: z.array(z.strictObject({ change: z.string(), tried: count, noticed: count })),
  survivors: z.array(survivor),
});
export type DrilledItem = Readonly<z.infer<typeof drilledItem>>;

/** An item that was not tried: it fails already, or nothing could be told of it. */
export const notDrilledItem = z.strictObject({ id: z.string(), failsAlready: z.boolean(), says: z.string() });
export type NotDrilled = Readonly<z.infer<typeof notDrilledItem>>;

/** Drills an item from its evidence alone, if that proves it. */
export function drillOf(item: ReportItem, { evidence }: ReadReport, proofs: ReadonlyMap<string, Proof>): DrilledItem | NotDrilled {
  const { id, state } = item;
  if (state !== 'proven') return { id, failsAlready: true, says: `it is ${state}` };
  const proof = proofs.get(item.proof);
  if (proof === undefined) return { id, failsAlready: false, says: `this liveproof knows no proof kind "${item.proof}"` };
  try {
    const drilled = drillEvidence(proof, item, evidence);
    return 'says' in drilled ? { id, failsAlready: false, ...drilled } : { id, proof: item.proof, ...copied(drilled) };
  } catch (error) {
    // Requirement and facts may come from a stranger, shaped as no loader would have let them through.
    return { id, failsAlready: false, says: `its evidence cannot be judged: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function drillEvidence(proof: Proof, item: ReportItem, evidence: ReadReport['evidence']): ItemDrill | { readonly says: string } {
  const [name = ''] = item.evidence;
  const file = evidence.get(name);
  const record = observationRecord.safeParse(file?.sha256 === name ? json(file.bytes) : undefined);
  if (!record.success) return { says: 'its observation is missing, or was changed' };
  const judged = { id: item.id, grade: item.requiredGrade as Grade, requirement: item.requirement };
  const facts = proof.facts.safeParse(record.data.facts);
  if (!facts.success || weighFacts(proof, judged, facts.data) !== 'proven') return { says: 'its evidence does not prove it' };
  return drillItem(proof, judged, facts.data);
}

function copied({ canFail, informed, changes, survivors }: ItemDrill): Omit<DrilledItem, 'id' | 'proof'> {
  return { canFail, informed, changes: changes.map((each) => ({ ...each })), survivors: survivors.map((each) => ({ ...each })) };
}
