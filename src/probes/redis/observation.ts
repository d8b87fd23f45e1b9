import { z } from 'zod';
import { passage } from '../../wire/passage.ts';
import { session } from '../../wire/session.ts';

const replication = z.strictObject({
  role: z.string(),
  /** Of a master: the replicas that are connected and in step. */
  replicas: z.int(),
  /** Of a master: the longest time since one of them reported. */
  replicaLagSeconds: z.int().optional(),
  /** Of a replica. */
  isLinkUp: z.boolean().optional(),
});
export type Replication = Readonly<z.infer<typeof replication>>;

export const redisObservation = z.strictObject({
  ...passage.shape,
  session: session.optional(),
  /** The start of the answer to PING. */
  pong: z.string().optional(),
  /** What came back of the value that was written. */
  readBack: z.enum(['same', 'other', 'nothing']).optional(),
  replication: replication.optional(),
});
export type RedisObservation = Readonly<z.infer<typeof redisObservation>>;
