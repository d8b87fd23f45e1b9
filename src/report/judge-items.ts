import type { Proof } from '../gate/proof.ts';
import { drillOf, type DrilledItem, type NotDrilled } from './drill-item.ts';
import type { Report, ReportItem } from './report.ts';
import type { Trouble } from './verify/check.ts';
import type { ReadReport, ReportFiles } from './verify/files.ts';
import { judgeAgain, type JudgedAgain } from './verify/judge-again.ts';

/** What can be asked of each item of a report, and what is answered. */
export interface Answers {
  readonly verdict: JudgedAgain | Trouble;
  readonly drill: DrilledItem | NotDrilled;
}
export type Question = keyof Answers;

type Answer<Q extends Question> = (item: ReportItem, read: ReadReport, proofs: ReadonlyMap<string, Proof>) => Answers[Q];

/** Pure: an item's answer depends on the report and its own evidence, never on another item's answer. */
export const answer: { readonly [Q in Question]: Answer<Q> } = { verdict: judgeAgain, drill: drillOf };

/** Answers for every item of a report, in its order; wherever that is done, the answers are the same. `files` hold the report that is given. */
export type JudgeItems = <Q extends Question>(question: Q, files: ReportFiles, report: Report) => Promise<readonly Answers[Q][]>;

/** Who judges: the proof kinds, where they are asked, or whoever has them elsewhere. */
export type Judges =
  | { readonly proofs: ReadonlyMap<string, Proof> }
  /** The kinds themselves only a policy needs, to know how far each can prove. */
  | { readonly judgeItems: JudgeItems; loadProofs(): Promise<ReadonlyMap<string, Proof>> };

export function judgingOf(judges: Judges): JudgeItems {
  return 'judgeItems' in judges ? judges.judgeItems : judgingHere(judges.proofs);
}

export async function proofsOf(judges: Judges): Promise<ReadonlyMap<string, Proof>> {
  return 'judgeItems' in judges ? judges.loadProofs() : judges.proofs;
}

function judgingHere(proofs: ReadonlyMap<string, Proof>): JudgeItems {
  // Async: what a judge throws is a rejection, here as elsewhere.
  return async (question, { evidence }, report) => report.items.map((item) => answer[question](item, { report, evidence }, proofs));
}
