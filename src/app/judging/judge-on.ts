import type { JudgeItems } from '../../report/judge-items.ts';
import type { AskedThread } from './asked-thread.ts';
import type { Pile, Share } from './share.ts';
import { inOrder, workOn } from './work.ts';

/**
 * Judges items on threads, which have begun when this returns: whoever called may go on with other work. Rejects as asking a thread does;
 * then nothing is known of any item.
 */
export function judgeOn(threads: readonly AskedThread[]): JudgeItems {
  return async (question, files, report) => {
    const work = workOn(question, files, report);
    const shares = await Promise.all(threads.map((thread, turn) => thread.ask({ ...work, piles: turned(work.piles, turn) })));
    return inOrder(shares.flat() as Share<typeof question>, report);
  };
}

/** Each thread begins with another kind. */
function turned(piles: readonly Pile[], turn: number): readonly Pile[] {
  return [...piles.slice(turn), ...piles.slice(0, turn)];
}
