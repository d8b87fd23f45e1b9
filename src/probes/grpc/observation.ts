import { z } from 'zod';
import { passage } from '../../wire/passage.ts';

/** What the health protocol knows. A server says that it does not know a service by the status NOT_FOUND. */
export const servingStatus = z.enum(['SERVING', 'NOT_SERVING', 'UNKNOWN', 'SERVICE_UNKNOWN']);

export const grpcObservation = z.strictObject({
  ...passage.shape,
  status: servingStatus.optional(),
});
export type GrpcObservation = Readonly<z.infer<typeof grpcObservation>>;
