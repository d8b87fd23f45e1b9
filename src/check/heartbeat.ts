import { z } from 'zod';

/** Characters that are kept of what a sender says. */
export const longestWords = 500;

/** A sign of life that somebody sent: a job that has ended, a machine that still runs. Durations in milliseconds. */
export const heartbeat = z.strictObject({
  /** How long ago it came, not counting jumps of the wall clock. */
  agoMs: z.number(),
  /** `failed`: the sender itself says that its work went wrong. */
  status: z.enum(['ok', 'failed']),
  /** What the sender says beside it, shortened. */
  says: z.string().optional(),
});
export type Heartbeat = Readonly<z.infer<typeof heartbeat>>;

/** What has been received under one name. */
export const heartbeatsReceived = z.strictObject({
  /** For how long heartbeats could have come without a break until now: since the receiver started. */
  listeningForMs: z.number(),
  /** The newest, also one from before the receiver started; absent when none has ever come. */
  last: heartbeat.optional(),
});
export type HeartbeatsReceived = Readonly<z.infer<typeof heartbeatsReceived>>;

/** Where heartbeats arrive; whoever receives them gives this to the probes. */
export interface HeartbeatReader {
  last(name: string, signal: AbortSignal): Promise<HeartbeatsReceived>;
}

/** A name under which heartbeats are sent: it stands in the path of the address. */
export const heartbeatName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/)
  .meta({ expects: 'a name of letters, digits, "-" and "_"' });
