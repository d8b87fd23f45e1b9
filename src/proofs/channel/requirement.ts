import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { channelName } from '../../gate/reference.ts';

export const channelRequirement = z.strictObject({
  channel: channelName().describe('The channel of the gate that the test message is sent on.'),
  deliveredWithin: duration.prefault('1m').describe('How long the message may take until it is read back.'),
  acknowledgedWithin: duration
    .optional()
    .describe('For the grade `acknowledged`: how soon after sending a person must have acknowledged it.'),
  times: z.int().min(1).max(9).default(1).describe('How many test messages, one after another; every one of them must arrive.'),
  exactlyOnce: z
    .boolean()
    .default(false)
    .describe('Whether a second copy of a message refutes the delivery; otherwise it is only mentioned.'),
});
export type ChannelRequirement = Readonly<z.output<typeof channelRequirement>>;
