import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';
import { host, port, tlsKeys } from '../../wire/address.ts';

const expectation = z.strictObject({
  role: z.enum(['master', 'replica']).optional().describe('What the server must be. The link of a replica to its master must be up then.'),
  replicas: z.int().min(1).optional().describe('How many replicas must at least be connected to it.'),
  replicaLag: duration.optional().describe('How long ago each connected replica may have last reported, in whole seconds.'),
});

export const redisOptions = z.strictObject({
  host,
  port: port.default(6379),
  username: z.string().min(1).optional(),
  password: secret().optional(),
  database: z.int().min(0).default(0),
  ...tlsKeys,
  roundTrip: z
    .boolean()
    .default(false)
    .describe('Writes a key of its own (liveproof:…, which expires within a minute), reads it back and deletes it.'),
  expect: expectation.prefault({}),
});

export type RedisOptions = z.output<typeof redisOptions>;
