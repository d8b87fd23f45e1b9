import { defineProbe } from '../check/probe.ts';
import { judgePromql, promqlReadings } from './promql/judge.ts';
import { promqlObservation } from './promql/observation.ts';
import { observePromql } from './promql/observe.ts';
import { promqlOptions } from './promql/options.ts';

export default defineProbe({
  kind: 'promql',
  summary: 'A query to Prometheus whose result is compared; an empty result never passes.',
  options: promqlOptions,
  observation: promqlObservation,
  observe: observePromql,
  judge: judgePromql,
  readings: promqlReadings,
});
