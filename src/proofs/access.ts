import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { accessFacts } from './access/facts.ts';
import { judgeAccess } from './access/judge.ts';
import { accessMutants } from './access/mutants.ts';
import { accessRequirement } from './access/requirement.ts';

export default defineProof({
  kind: 'access',
  summary: 'The person on call opens a board with their own credentials, and whoever must not is refused.',
  ladder: ladders.access,
  defaultGrade: 'guarded',
  requirement: accessRequirement,
  facts: accessFacts,
  observe: async (...given) => (await import('./access/observe.ts')).observeAccess(...given),
  judge: judgeAccess,
  restsOn: async (...given) => (await import('./access/rests-on.ts')).restsOnAccess(...given),
  mutants: accessMutants,
});
