import { z } from 'zod';
import { acceptance, acknowledgement, arrival } from '../../alert/channel.ts';
import { trouble } from '../../base/trouble.ts';
import { ladders } from '../../gate/grade.ts';

const message = z.strictObject({
  nonce: z.string(),
  subject: z.string(),
  text: z.string(),
  sentAt: z.iso.datetime(),
  acceptance: acceptance.optional(),
  /** Instead of an acceptance: the provider was not reached. */
  sendTrouble: trouble.optional(),
  looks: z.int(),
  lookedForMs: z.number(),
  /** What the last look found. */
  arrivals: z.array(arrival),
  /** From sending to the start of the first look that found it, on our own clock: the destination's may be off. */
  seenAfterMs: z.number().optional(),
  /** Signs of a person, where they were awaited; times are from sending. */
  acknowledged: z
    .discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('cannot-show') }),
      z.strictObject({ outcome: z.literal('seen'), by: z.array(acknowledgement).min(1), afterMs: z.number() }),
      z.strictObject({ outcome: z.literal('not-seen'), lookedForMs: z.number(), trouble: trouble.optional() }),
    ])
    .optional(),
  /** Why the last look found nothing out. */
  lookTrouble: trouble.optional(),
});
export type MessageFacts = Readonly<z.infer<typeof message>>;

export const channelFacts = z.strictObject({
  kind: z.string(),
  /** How much of a message this channel can bring. */
  carries: z.enum(['everything', 'subject', 'token']).default('everything'),
  /** The grade that was asked for: nothing beyond it was tried. */
  grade: z.enum(ladders.channel),
  messages: z.array(message),
});
export type ChannelFacts = Readonly<z.infer<typeof channelFacts>>;
