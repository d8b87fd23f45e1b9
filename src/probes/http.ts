import { defineProbe } from '../check/probe.ts';
import { judgeHttp } from './http/judge.ts';
import { httpObservation } from './http/observation.ts';
import { measuresOfHttp } from './http/measures.ts';
import { observeHttp } from './http/observe.ts';
import { httpOptions } from './http/options.ts';
import { reachOfHttp } from './http/reach.ts';
import { readingsOfHttp } from './http/readings.ts';
import { restsOnFiles } from './http/rests-on.ts';

export default defineProbe({
  kind: 'http',
  summary: 'HTTP requests in order, with what is expected of each answer.',
  options: httpOptions,
  observation: httpObservation,
  observe: observeHttp,
  judge: judgeHttp,
  readings: readingsOfHttp,
  measures: measuresOfHttp,
  reach: reachOfHttp,
  restsOn: restsOnFiles,
});
