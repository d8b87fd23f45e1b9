import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import { sessionReadings } from '../../wire/session.ts';
import type { TlsObservation } from './observation.ts';
import type { TlsOptions } from './options.ts';

/** `connect`, `tls` and their like, `protocol`, `cipher`, `alpn`, `trusted`, `certificate expires in`, `subject`, `issuer`. */
export function tlsReadings(_options: TlsOptions, observation: TlsObservation): Readings {
  const { session, at } = observation;
  const [own] = session?.chain ?? [];
  return new Map([
    ...timeReadings(observation),
    ...(session === undefined ? [] : sessionReadings(session, at)),
    ...named('subject', own?.subject),
    ...named('issuer', own?.issuer),
  ]);
}
