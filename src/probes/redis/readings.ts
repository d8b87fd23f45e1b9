import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import { sessionReadings } from '../../wire/session.ts';
import type { RedisObservation } from './observation.ts';
import type { RedisOptions } from './options.ts';

/** `answer` (PING), `sign-in`, `round-trip`, `total` and their like, what TLS came to, `role`, `replicas`, `replica lag` (ms), `link to master`. */
export function redisReadings(_options: RedisOptions, observation: RedisObservation): Readings {
  const { session, replication, at } = observation;
  const lag = replication?.replicaLagSeconds;
  const isLinkUp = replication?.isLinkUp;
  return new Map([
    ...timeReadings(observation),
    ...(session === undefined ? [] : sessionReadings(session, at)),
    ...named('role', replication?.role),
    ...named('replicas', replication?.replicas),
    ...named('replica lag', lag === undefined ? undefined : lag * 1_000, 'ms'),
    ...named('link to master', isLinkUp === undefined ? undefined : isLinkUp ? 'up' : 'down'),
  ]);
}
