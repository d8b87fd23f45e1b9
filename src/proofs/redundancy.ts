import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { redundancyFacts } from './redundancy/facts.ts';
import { judgeRedundancy } from './redundancy/judge.ts';
import { observeRedundancy } from './redundancy/observe.ts';
import { redundancyRequirement } from './redundancy/requirement.ts';
import { timelines } from './redundancy/timelines.ts';

export default defineProof({
  kind: 'redundancy',
  summary: 'Alerts still arrive, exactly once, when one Prometheus or one Alertmanager is really taken away.',
  ladder: ladders.redundancy,
  defaultGrade: 'survived',
  // What it takes away is what every other proof asks.
  alone: true,
  requirement: redundancyRequirement,
  facts: redundancyFacts,
  observe: observeRedundancy,
  judge: judgeRedundancy,
  timelines,
});
