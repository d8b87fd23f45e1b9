import { canonicalJson } from '../../base/canonical-json.ts';
import { rungOf, type Grade } from '../../gate/grade.ts';
import { observationRecord } from '../../gate/observation.ts';
import type { Proof } from '../../gate/proof.ts';
import { blockedBy, judgeRecord, verdict as verdictSchema, type State, type Verdict } from '../../gate/verdict.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report.ts';
import { conclude, no, unknown, type Trouble, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';
import { json } from './read-file.ts';

export interface Judgement {
  readonly checks: readonly VerifyCheck[];
  /** What each item's evidence says, in the report's order; undefined where it could not be judged. */
  readonly states: readonly (State | undefined)[];
}

/** Judges every item again from its recorded observation, and requires the same verdict. */
export function checkJudgement(files: ReportFiles, report: Report, proofs: ReadonlyMap<string, Proof>): Judgement {
  const judged = report.items.map((item) => judgeAgain(item, files, report, proofs));
  const troubles = judged.flatMap((each) => ('says' in each ? [each] : []));
  const count = report.items.length;
  return {
    checks: conclude('judgement', troubles, `${String(count)} items, judged again from their evidence, have the same verdicts`),
    states: judged.map((each) => ('says' in each ? undefined : each.state)),
  };
}

function judgeAgain(item: ReportItem, files: ReportFiles, report: Report, proofs: ReadonlyMap<string, Proof>): Verdict | Trouble {
  const proof = proofs.get(item.proof);
  if (proof === undefined) return unknown(`item "${item.id}" cannot be judged: this liveproof knows no proof kind "${item.proof}"`);
  if (item.state === 'waived') return unknown(`item "${item.id}" is waived: this liveproof cannot check who waived it`);
  // A grade that the ladder does not have would ask for nothing at all.
  if (rungOf(proof.ladder, item.requiredGrade) < 0)
    return no(`item "${item.id}" asks for "${item.requiredGrade}", which a ${proof.kind} proof cannot reach`);
  if (item.ladder !== undefined && canonicalJson(item.ladder) !== canonicalJson(proof.ladder))
    return no(`item "${item.id}" shows other grades than a ${proof.kind} proof has`);
  const derived = derive(item, proof, files, report);
  if ('says' in derived) return derived;
  const { state, grade, subjects, reasons, timelines } = item;
  const stated = verdictSchema.parse({ state, grade, subjects, reasons, timelines });
  return canonicalJson(stated) === canonicalJson(derived) ? derived : no(`item "${item.id}": ${difference(stated, derived)}`);
}

function derive(item: ReportItem, proof: Proof, files: ReportFiles, report: Report): Verdict | Trouble {
  const unproven = item.needs.filter((id) => {
    const state = report.items.find((other) => other.id === id)?.state;
    return state !== 'proven' && state !== 'waived';
  });
  if (unproven.length > 0) return blockedBy(proof.ladder, item.id, unproven);
  const [name] = item.evidence;
  if (name === undefined) return no(`item "${item.id}" is ${item.state} without evidence, and nothing that it rests on explains why`);
  const file = files.evidence.get(name);
  if (file === undefined) return no(`item "${item.id}" cannot be judged: ${evidenceFolder}/${name} is missing`);
  try {
    const record = observationRecord.safeParse(json(file.bytes));
    if (!record.success) return no(`item "${item.id}" cannot be judged: ${evidenceFolder}/${name} is not an observation`);
    const stray = outOfTime(item, record.data, report);
    if (stray !== undefined) return no(`item "${item.id}": ${evidenceFolder}/${name} ${stray}`);
    return judgeRecord(proof, { id: item.id, grade: item.requiredGrade as Grade, requirement: item.requirement }, record.data);
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

function difference(stated: Verdict, derived: Verdict): string {
  if (stated.state !== derived.state) return `the report says ${stated.state}, its evidence says ${derived.state}`;
  if (stated.grade !== derived.grade) return `the report says "${stated.grade}" was reached, its evidence says "${derived.grade}"`;
  if (canonicalJson(stated.subjects) !== canonicalJson(derived.subjects))
    return 'the report says other things of its subjects than its evidence';
  if (canonicalJson(stated.reasons) !== canonicalJson(derived.reasons)) return 'the report gives other reasons than its evidence';
  return 'the report tells another time line than its evidence';
}
