import { z } from 'zod';
import { passage } from '../../wire/passage.ts';
import { session } from '../../wire/session.ts';
import { turnSeen } from '../../wire/turn.ts';

/** The turns as far as they were made: the first without a match is the last. */
export const tcpObservation = z.strictObject({
  ...passage.shape,
  /** The address behind the name. */
  address: z.string().optional(),
  session: session.optional(),
  turns: z.array(turnSeen),
});
export type TcpObservation = Readonly<z.infer<typeof tcpObservation>>;
