import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeRedis } from './redis/judge.ts';
import { redisObservation } from './redis/observation.ts';
import { observeRedis } from './redis/observe.ts';
import { redisOptions } from './redis/options.ts';
import { redisReadings } from './redis/readings.ts';

export default defineProbe({
  kind: 'redis',
  summary: 'A Redis (or Valkey): PING, a round trip of a key of its own, its replication.',
  options: redisOptions,
  observation: redisObservation,
  observe: observeRedis,
  judge: judgeRedis,
  readings: redisReadings,
  restsOn: restsOnCa,
});
