import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import { sessionReadings } from '../../wire/session.ts';
import { turnReadings } from '../../wire/turn.ts';
import type { WebsocketObservation } from './observation.ts';
import type { WebsocketOptions } from './options.ts';

/** `connect`, `upgrade`, `answer`, `close` and their like, `sub-protocol`, `close code`, `turn 1`, `answer 1`, …, and what TLS came to. */
export function websocketReadings(_options: WebsocketOptions, observation: WebsocketObservation): Readings {
  const { session, protocol, turns, closing, at } = observation;
  return new Map([
    ...timeReadings(observation),
    ...(session === undefined ? [] : sessionReadings(session, at)),
    ...named('sub-protocol', protocol),
    ...turnReadings(turns),
    ...named('close code', closing?.code),
  ]);
}
