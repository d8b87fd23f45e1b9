import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { checkFacts } from './check/facts.ts';
import { judgeCheck } from './check/judge.ts';
import { checkMutants } from './check/mutants.ts';
import { checkRequirement } from './check/requirement.ts';

export default defineProof({
  kind: 'check',
  summary: 'A check of the gate passes, once or several times in a row, and fails when its target is broken on purpose.',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement: checkRequirement,
  facts: checkFacts,
  observe: async (...given) => (await import('./check/observe.ts')).observeCheck(...given),
  judge: judgeCheck,
  touches: async (...given) => (await import('./check/touches.ts')).checkTouches(...given),
  restsOn: async (...given) => (await import('./check/rests-on.ts')).restsOnCheck(...given),
  mutants: checkMutants,
});
