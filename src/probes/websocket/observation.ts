import { z } from 'zod';
import { passage } from '../../wire/passage.ts';
import { session } from '../../wire/session.ts';
import { turnSeen } from '../../wire/turn.ts';

export const websocketObservation = z.strictObject({
  ...passage.shape,
  session: session.optional(),
  /** The sub-protocol that was agreed on; empty when none was. */
  protocol: z.string().optional(),
  turns: z.array(turnSeen),
  /** How it ended; absent when nobody said so. 1006 stands for an end without a word (RFC 6455, 7.1.5). */
  closing: z.strictObject({ code: z.int(), reason: z.string() }).optional(),
});
export type WebsocketObservation = Readonly<z.infer<typeof websocketObservation>>;
