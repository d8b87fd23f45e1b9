import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { checkFacts } from './check/facts.ts';
import { judgeCheck } from './check/judge.ts';
import { checkMutants } from './check/mutants.ts';
import { observeCheck } from './check/observe.ts';
import { checkRequirement } from './check/requirement.ts';
import { checkTouches } from './check/touches.ts';
import { restsOnCheck } from './check/rests-on.ts';

export default defineProof({
  kind: 'check',
  summary: 'A check of the gate passes, once or several times in a row, and fails when its target is broken on purpose.',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement: checkRequirement,
  facts: checkFacts,
  observe: observeCheck,
  judge: judgeCheck,
  touches: checkTouches,
  restsOn: restsOnCheck,
  mutants: checkMutants,
});
