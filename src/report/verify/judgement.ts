import type { State } from '../../gate/verdict.ts';
import { conclude, type Trouble, type VerifyCheck } from './check.ts';
import type { JudgedAgain } from './judge-again.ts';

export interface Judgement {
  readonly checks: readonly VerifyCheck[];
  /** What each item's evidence says, in the report's order; undefined where it could not be judged. */
  readonly states: readonly (State | undefined)[];
}

/** What judging every item again comes to. */
export function checkJudgement(judged: readonly (JudgedAgain | Trouble)[]): Judgement {
  const troubles = judged.flatMap((each) => ('says' in each ? [each] : []));
  return {
    checks: conclude('judgement', troubles, `${String(judged.length)} items, judged again from their evidence, have the same verdicts`),
    states: judged.map((each) => ('says' in each ? undefined : each.state)),
  };
}
