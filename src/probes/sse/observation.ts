import { z } from 'zod';
import { passage } from '../../wire/passage.ts';
import { session } from '../../wire/session.ts';
import { turnSeen } from '../../wire/turn.ts';

export const sseObservation = z.strictObject({
  ...passage.shape,
  session: session.optional(),
  /** Of the answer that opens the stream. */
  status: z.int().optional(),
  contentType: z.string().optional(),
  triggerStatus: z.int().optional(),
  turns: z.array(turnSeen),
});
export type SseObservation = Readonly<z.infer<typeof sseObservation>>;
