import { heartbeatsReceived } from '../check/heartbeat.ts';
import { defineProbe } from '../check/probe.ts';
import { heartbeatReadings, judgeHeartbeat } from './heartbeat/judge.ts';
import { observeHeartbeat } from './heartbeat/observe.ts';
import { heartbeatOptions } from './heartbeat/options.ts';

export default defineProbe({
  kind: 'heartbeat',
  summary: 'Signs of life that a job or a machine sends to us: late or absent is a failure.',
  options: heartbeatOptions,
  observation: heartbeatsReceived,
  observe: observeHeartbeat,
  judge: judgeHeartbeat,
  readings: heartbeatReadings,
  awaits: ({ name }) => [name],
});
