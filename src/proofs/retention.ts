import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { retentionFacts } from './retention/facts.ts';
import { judgeRetention } from './retention/judge.ts';
import { retentionMutants } from './retention/mutants.ts';
import { retentionRequirement } from './retention/requirement.ts';

export default defineProof({
  kind: 'retention',
  summary: 'Prometheus keeps samples long enough: by its time limit, and by what its size limit holds at the measured rate.',
  ladder: ladders.retention,
  defaultGrade: 'sufficient',
  requirement: retentionRequirement,
  facts: retentionFacts,
  observe: async (...given) => (await import('./retention/observe.ts')).observeRetention(...given),
  judge: judgeRetention,
  restsOn: async (...given) => (await import('./retention/rests-on.ts')).restsOnRetention(...given),
  mutants: retentionMutants,
  wants: ({ atLeast }) => ({ keptMs: atLeast }),
});
