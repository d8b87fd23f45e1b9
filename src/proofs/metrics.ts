import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { metricsFacts } from './metrics/facts.ts';
import { judgeMetrics } from './metrics/judge.ts';
import { metricsMutants } from './metrics/mutants.ts';
import { metricsRequirement } from './metrics/requirement.ts';

export default defineProof({
  kind: 'metrics',
  summary: "Metrics are on the app's own page, arrive in Prometheus, and move when what they count happens.",
  ladder: ladders.metric,
  defaultGrade: 'scraped',
  requirement: metricsRequirement,
  facts: metricsFacts,
  observe: async (...given) => (await import('./metrics/observe.ts')).observeMetrics(...given),
  judge: judgeMetrics,
  touches: async (requirement) => (await import('./metrics/touches.ts')).metricsTouches(requirement),
  restsOn: async (...given) => (await import('./metrics/rests-on.ts')).restsOnMetrics(...given),
  mutants: metricsMutants,
  refs: ({ metrics }) => metrics.flatMap(({ name, ref }) => (ref.length === 0 ? [] : [[name, ref] as const])),
});
