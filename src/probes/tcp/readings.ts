import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import { sessionReadings } from '../../wire/session.ts';
import { turnReadings } from '../../wire/turn.ts';
import type { TcpObservation } from './observation.ts';
import type { TcpOptions } from './options.ts';

/** `connect`, `total` and their like, `address`, what TLS came to, and of each turn `turn 1` (its time) and `answer 1` (the start of what came). */
export function tcpReadings(_options: TcpOptions, observation: TcpObservation): Readings {
  const { address, session, turns, at } = observation;
  return new Map([
    ...timeReadings(observation),
    ...named('address', address),
    ...(session === undefined ? [] : sessionReadings(session, at)),
    ...turnReadings(turns),
  ]);
}
