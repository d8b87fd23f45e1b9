import { z } from 'zod';
import { acknowledgement, arrival } from '../../../alert/channel.ts';
import { trouble } from '../../../base/trouble.ts';

const channelFacts = z.strictObject({
  channel: z.string(),
  kind: z.string(),
  /** Everything that carried the nonce, in the order in which it was found. */
  arrivals: z.array(arrival),
  /** From the posting until the first of them was found; absent when none was. */
  foundAfterMs: z.number().optional(),
  /** Signs of people, where they were awaited; `afterMs` is from the posting until the first was seen. */
  acknowledged: z
    .discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('cannot-show') }),
      z.strictObject({ outcome: z.literal('seen'), by: z.array(acknowledgement).min(1), afterMs: z.number() }),
      z.strictObject({ outcome: z.literal('not-seen'), trouble: trouble.optional() }),
    ])
    .optional(),
  /** News that the alert is over, where they were awaited; `afterMs` is from its end until they were seen. */
  resolved: z
    .discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('seen'), arrival, afterMs: z.number() }),
      z.strictObject({ outcome: z.literal('not-seen'), trouble: trouble.optional() }),
    ])
    .optional(),
  /** The last thing that kept us from looking. */
  trouble: trouble.optional(),
});
export type ChannelFacts = Readonly<z.infer<typeof channelFacts>>;

/** Notifications that Alertmanager says it failed to send while the test alert was active: all of them, not only ours. */
const failures = z.strictObject({ integration: z.string(), reason: z.string().optional(), times: z.number() });
export type Failures = Readonly<z.infer<typeof failures>>;

export const deliveredFacts = z.discriminatedUnion('outcome', [
  /** Nobody waited, because the alert was not on its way. */
  z.strictObject({ outcome: z.literal('not-awaited') }),
  z.strictObject({ outcome: z.literal('awaited'), channels: z.array(channelFacts), failures: z.array(failures) }),
]);
export type DeliveredFacts = Readonly<z.infer<typeof deliveredFacts>>;
