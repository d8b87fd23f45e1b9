import { canonicalJson } from '../../base/canonical-json.ts';
import { applyWaiver, stateAt, type Waived } from '../../gate/apply-waiver.ts';
import { rungOf, type Grade } from '../../gate/grade.ts';
import { observationRecord } from '../../gate/observation.ts';
import type { Proof } from '../../gate/proof.ts';
import { blockedBy, judgeRecord, verdict as verdictSchema, type State, type Verdict } from '../../gate/verdict.ts';
import type { AcceptedWaiver } from '../../gate/waiver.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report.ts';
import { no, unknown, type Trouble } from './check.ts';
import type { ReadReport } from './files.ts';
import { json } from './read-file.ts';

/** What an item's evidence says, where that is what the report says of it. */
export interface JudgedAgain {
  readonly state: State;
}

/** Judges an item again from its recorded observation, and requires the same verdict. */
export function judgeAgain(item: ReportItem, read: ReadReport, proofs: ReadonlyMap<string, Proof>): JudgedAgain | Trouble {
  const { report } = read;
  const proof = proofs.get(item.proof);
  if (proof === undefined) return unknown(`item "${item.id}" cannot be judged: this liveproof knows no proof kind "${item.proof}"`);
  // A grade that the ladder does not have would ask for nothing at all.
  if (rungOf(proof.ladder, item.requiredGrade) < 0)
    return no(`item "${item.id}" asks for "${item.requiredGrade}", which a ${proof.kind} proof cannot reach`);
  if (item.ladder !== undefined && canonicalJson(item.ladder) !== canonicalJson(proof.ladder))
    return no(`item "${item.id}" shows other grades than a ${proof.kind} proof has`);
  if (item.carriedFrom !== undefined && item.state !== 'proven')
    return no(`item "${item.id}" is said to be proven by an earlier run, and is ${item.state}`);
  const derived = derive(item, proof, read);
  if ('says' in derived) return derived;
  const { state, grade, subjects, reasons, timelines } = item;
  const stated = verdictSchema.parse({ state, grade, subjects, reasons, timelines });
  const differs = difference(stated, derived.verdict) ?? differenceInWaiver(item.waiver, derived.waiver);
  if (differs !== undefined) return no(`item "${item.id}": ${differs}`);
  // What was waived when the run began may have been so no longer when it ended.
  return { state: stateAt({ ...derived.verdict, ...derived }, Date.parse(report.finishedAt)) };
}

function derive(item: ReportItem, proof: Proof, { report, evidence }: ReadReport): Waived | Trouble {
  const unproven = item.needs.filter((id) => {
    const state = report.items.find((other) => other.id === id)?.state;
    return state !== 'proven' && state !== 'waived';
  });
  if (unproven.length > 0) return { verdict: blockedBy(proof.ladder, item.id, unproven) };
  const [name] = item.evidence;
  if (name === undefined) return no(`item "${item.id}" is ${item.state} without evidence, and nothing that it rests on explains why`);
  const file = evidence.get(name);
  if (file === undefined) return no(`item "${item.id}" cannot be judged: ${evidenceFolder}/${name} is missing`);
  try {
    const record = observationRecord.safeParse(json(file.bytes));
    if (!record.success) return no(`item "${item.id}" cannot be judged: ${evidenceFolder}/${name} is not an observation`);
    const stray = outOfTime(item, record.data, report);
    if (stray !== undefined) return no(`item "${item.id}": ${evidenceFolder}/${name} ${stray}`);
    const judged = { id: item.id, severity: item.severity, grade: item.requiredGrade as Grade, requirement: item.requirement };
    const given = { waivers: report.waivers ?? [], policy: report.policy.waivers, atMs: Date.parse(report.startedAt) };
    return applyWaiver(judgeRecord(proof, judged, record.data), judged, record.data, given);
  } catch (error) {
    // Requirement and facts may come from a stranger: nested beyond the stack, or shaped as no loader would have let them through.
    return no(
      `item "${item.id}" cannot be judged from ${evidenceFolder}/${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** An old observation must not pass for a new one: what was not carried over was seen during this run, and what was counts by its own age. */
function outOfTime(
  item: ReportItem,
  seen: { readonly startedAt: string; readonly finishedAt: string },
  report: Report,
): string | undefined {
  if (seen.startedAt !== item.startedAt || seen.finishedAt !== item.finishedAt)
    return `was observed at ${seen.startedAt}, not at ${item.startedAt}`;
  if (Date.parse(seen.finishedAt) < Date.parse(seen.startedAt)) return 'ended before it began';
  if (Date.parse(seen.finishedAt) > Date.parse(report.finishedAt)) return `was observed after the run ended at ${report.finishedAt}`;
  if (item.carriedFrom !== undefined) return undefined;
  return Date.parse(seen.startedAt) < Date.parse(report.startedAt)
    ? `was observed before the run, which began at ${report.startedAt}`
    : undefined;
}

function difference(stated: Verdict, derived: Verdict): string | undefined {
  if (canonicalJson(stated) === canonicalJson(derived)) return undefined;
  if (stated.state !== derived.state) return `the report says ${stated.state}, its evidence says ${derived.state}`;
  if (stated.grade !== derived.grade) return `the report says "${stated.grade}" was reached, its evidence says "${derived.grade}"`;
  if (canonicalJson(stated.subjects) !== canonicalJson(derived.subjects))
    return 'the report says other things of its subjects than its evidence';
  if (canonicalJson(stated.reasons) !== canonicalJson(derived.reasons)) return 'the report gives other reasons than its evidence';
  return 'the report tells another time line than its evidence';
}

function differenceInWaiver(stated: AcceptedWaiver | undefined, derived: AcceptedWaiver | undefined): string | undefined {
  if (canonicalJson(stated ?? null) === canonicalJson(derived ?? null)) return undefined;
  return 'the report tells of another waiver than the one that the gate gave it';
}
