import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import { sessionReadings } from '../../wire/session.ts';
import { turnReadings } from '../../wire/turn.ts';
import type { SseObservation } from './observation.ts';
import type { SseOptions } from './options.ts';

/** `connect`, `answer` (until the stream opens), `trigger`, `events` and their like, `status`, `turn 1` (until the first event), `answer 1`, … */
export function sseReadings(_options: SseOptions, observation: SseObservation): Readings {
  const { session, status, turns, at } = observation;
  return new Map([
    ...timeReadings(observation),
    ...(session === undefined ? [] : sessionReadings(session, at)),
    ...named('status', status),
    ...turnReadings(turns),
  ]);
}
