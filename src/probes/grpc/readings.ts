import type { Readings } from '../../check/reading.ts';
import { named } from '../../wire/named-value.ts';
import { timeReadings } from '../../wire/passage.ts';
import type { GrpcObservation } from './observation.ts';
import type { GrpcOptions } from './options.ts';

/** `dns`, `connect` (TCP and TLS together), `answer`, `total`, `status`. */
export function grpcReadings(_options: GrpcOptions, observation: GrpcObservation): Readings {
  return new Map([...timeReadings(observation), ...named('status', observation.status)]);
}
