import { z } from 'zod';
import { host, port, tlsKeys } from '../../wire/address.ts';
import { servingStatus } from './observation.ts';

const name = z
  .string()
  .regex(/^[0-9a-z_.-]+(?<!-bin)$/)
  .meta({ expects: 'the name of a metadata field, in small letters' });

export const grpcOptions = z.strictObject({
  host,
  port,
  service: z.string().max(1_000).default('').describe('The service that is asked about; the whole server when it is left out.'),
  headers: z
    .record(name, z.string().regex(/^[ -~]*$/))
    .optional()
    .describe('Metadata that is sent with the question.'),
  ...tlsKeys,
  expect: z
    .strictObject({
      status: servingStatus.default('SERVING').describe('What the server must say; SERVICE_UNKNOWN when it must not know the service.'),
    })
    .prefault({}),
});

export type GrpcOptions = z.output<typeof grpcOptions>;
