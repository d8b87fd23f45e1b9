import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { metricsFacts } from './metrics/facts.ts';
import { judgeMetrics } from './metrics/judge.ts';
import { metricsMutants } from './metrics/mutants.ts';
import { observeMetrics } from './metrics/observe.ts';
import { metricsRequirement } from './metrics/requirement.ts';
import { metricsTouches } from './metrics/touches.ts';
import { restsOnMetrics } from './metrics/rests-on.ts';

export default defineProof({
  kind: 'metrics',
  summary: "Metrics are on the app's own page, arrive in Prometheus, and move when what they count happens.",
  ladder: ladders.metric,
  defaultGrade: 'scraped',
  requirement: metricsRequirement,
  facts: metricsFacts,
  observe: observeMetrics,
  judge: judgeMetrics,
  touches: metricsTouches,
  restsOn: restsOnMetrics,
  mutants: metricsMutants,
  refs: ({ metrics }) => metrics.flatMap(({ name, ref }) => (ref.length === 0 ? [] : [[name, ref] as const])),
});
