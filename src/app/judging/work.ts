import type { Answers, Question } from '../../report/judge-items.ts';
import { reportFile, reportText, type Report } from '../../report/report.ts';
import type { ReportFiles } from '../../report/verify/files.ts';
import type { KeptFile } from '../../report/verify/read-file.ts';
import type { Pile, Share, Work } from './share.ts';

/** What to give to each thread: copies of what was read once, in memory that all of them see. */
export function workOn<Q extends Question>(question: Q, { top, evidence }: ReportFiles, report: Report): Work<Q> {
  const observations = new Set(report.items.flatMap((item) => item.evidence.slice(0, 1)));
  const files = [...observations].flatMap((name) => {
    const file = evidence.get(name);
    return file === undefined ? [] : [[name, { sha256: file.sha256, bytes: shared(file.bytes) }] as const];
  });
  return {
    question,
    report: shared(top.get(reportFile)?.bytes ?? Buffer.from(reportText(report))),
    evidence: new Map<string, KeptFile>(files),
    piles: pilesOf(report),
  };
}

/** More kinds than there are; a stranger's report may name another one for every item. */
const mostPiles = 20;

/** By kind, the one with the most to judge first, and the rarest together. */
function pilesOf({ items }: Report): readonly Pile[] {
  const byKind = [...Map.groupBy(items.keys(), (index) => items[index]?.proof).values()].toSorted((a, b) => b.length - a.length);
  return [...byKind.slice(0, mostPiles), byKind.slice(mostPiles).flat()].map((indexes) => ({
    items: indexes,
    taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  }));
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** The answers in the order of the report's items. Throws unless there is exactly one for each. */
export function inOrder<Q extends Question>(share: Share<Q>, { items }: Report): readonly Answers[Q][] {
  const answers = new Map(share);
  if (answers.size !== items.length || share.length !== items.length) throw new Error('the threads did not answer once for every item');
  return items.map((_item, index) => answers.get(index) as Answers[Q]);
}
