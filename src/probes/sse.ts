import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeSse } from './sse/judge.ts';
import { sseObservation } from './sse/observation.ts';
import { observeSse } from './sse/observe.ts';
import { sseOptions } from './sse/options.ts';
import { sseReadings } from './sse/readings.ts';

export default defineProbe({
  kind: 'sse',
  summary: 'A stream of server-sent events: that it opens, which events come, and how soon after what triggers them.',
  options: sseOptions,
  observation: sseObservation,
  observe: observeSse,
  judge: judgeSse,
  readings: sseReadings,
  restsOn: restsOnCa,
});
