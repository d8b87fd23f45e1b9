import { defineProbe } from '../check/probe.ts';
import { judgeHttp } from './http/judge.ts';
import { httpObservation } from './http/observation.ts';
import { observeHttp } from './http/observe.ts';
import { httpOptions } from './http/options.ts';

export default defineProbe({
  kind: 'http',
  summary: 'HTTP requests in order, with what is expected of each answer.',
  options: httpOptions,
  observation: httpObservation,
  observe: observeHttp,
  judge: judgeHttp,
});
