import type { Proof } from '../../gate/proof.ts';
import { answer, type Answers, type Question } from '../../report/judge-items.ts';
import type { Report } from '../../report/report.ts';
import { json, type KeptFile } from '../../report/verify/read-file.ts';

/** Items of one proof kind, which threads take one by one. */
export interface Pile {
  /** Their indexes among the report's items. */
  readonly items: readonly number[];
  /** How many of them are taken, in memory that all threads see. */
  readonly taken: Int32Array;
}

/** What a thread is given. All threads get the same: memory that they share, in which they write nothing but what they take. */
export interface Work<Q extends Question = Question> {
  readonly question: Q;
  /** report.json, as it was read once. */
  readonly report: Uint8Array;
  /** The observations, as they were read once, by the names that items have for them. */
  readonly evidence: ReadonlyMap<string, KeptFile>;
  readonly piles: readonly Pile[];
}

/** Answers by the indexes of their items. */
export type Share<Q extends Question = Question> = readonly (readonly [index: number, answer: Answers[Q]])[];

/** Takes items for as long as there are any, and answers for them. */
export function shareOf<Q extends Question>(work: Work<Q>, proofs: ReadonlyMap<string, Proof>): Share<Q> {
  const { question, evidence, piles } = work;
  // What opened the report has looked at its shape; the same bytes give the same report.
  const report = json(work.report) as Report;
  const share: (readonly [number, Answers[Q]])[] = [];
  for (let pile = nextOf(piles); pile !== undefined; pile = nextOf(piles)) {
    for (let index = take(pile); index !== undefined; index = take(pile)) {
      const item = report.items[index];
      if (item !== undefined) share.push([index, answer[question](item, { report, evidence }, proofs)]);
    }
  }
  return share;
}

function take({ items, taken }: Pile): number | undefined {
  return items[Atomics.add(taken, 0, 1)];
}

/** A thread is slow at what it has not yet done often, so it keeps to a kind, and turns to one that no other has begun; helping comes last. */
function nextOf(piles: readonly Pile[]): Pile | undefined {
  const left = piles.map((pile) => ({ pile, count: pile.items.length - Atomics.load(pile.taken, 0) })).filter(({ count }) => count > 0);
  const untouched = left.find(({ pile, count }) => count === pile.items.length);
  return (untouched ?? left.toSorted((a, b) => b.count - a.count)[0])?.pile;
}
