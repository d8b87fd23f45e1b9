import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { redundancyFacts } from './redundancy/facts.ts';
import { judgeRedundancy } from './redundancy/judge.ts';
import { redundancyMutants } from './redundancy/mutants.ts';
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
  observe: async (...given) => (await import('./redundancy/observe.ts')).observeRedundancy(...given),
  judge: judgeRedundancy,
  touches: async (...given) => (await import('./redundancy/touches.ts')).redundancyTouches(...given),
  restsOn: async (...given) => (await import('./redundancy/rests-on.ts')).restsOnRedundancy(...given),
  mutants: redundancyMutants,
  wants: ({ watchdog, renewedWithin, labels, channel }) => ({
    watchdog: { rule: watchdog, noticedWithinMs: renewedWithin },
    led: { labels, channel },
  }),
  timelines,
});
