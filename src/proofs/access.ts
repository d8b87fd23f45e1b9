import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { accessFacts } from './access/facts.ts';
import { judgeAccess } from './access/judge.ts';
import { accessMutants } from './access/mutants.ts';
import { observeAccess } from './access/observe.ts';
import { accessRequirement } from './access/requirement.ts';
import { restsOnAccess } from './access/rests-on.ts';

export default defineProof({
  kind: 'access',
  summary: 'The person on call opens a board with their own credentials, and whoever must not is refused.',
  ladder: ladders.access,
  defaultGrade: 'guarded',
  requirement: accessRequirement,
  facts: accessFacts,
  observe: observeAccess,
  judge: judgeAccess,
  restsOn: restsOnAccess,
  mutants: accessMutants,
});
