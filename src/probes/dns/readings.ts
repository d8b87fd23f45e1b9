import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import type { DnsObservation } from './observation.ts';
import type { DnsOptions } from './options.ts';

/** `answer` and `total` (times), `kind` (`records`, `no-such-name`, `no-such-records`), `count`, `ttl` (ms), `record 1`, `record 2`, … */
export function dnsReadings(_options: DnsOptions, observation: DnsObservation): Readings {
  const { answer } = observation;
  return new Map([
    ...timeReadings(observation),
    ...named('kind', answer?.kind),
    ...named('count', answer?.count),
    ...named('ttl', answer?.ttlSeconds === undefined ? undefined : answer.ttlSeconds * 1_000, 'ms'),
    ...(answer?.records ?? []).flatMap((record, index) => named(`record ${String(index + 1)}`, record)),
  ]);
}
