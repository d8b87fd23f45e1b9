import { z } from 'zod';
import type { Clock } from '../base/clock.ts';

/** A message sent on purpose so that it can be recognised where it arrives. */
export interface TestMessage {
  readonly nonce: string;
  readonly subject: string;
  readonly text: string;
}

/** What the provider answered when it took the message. A yes is `accepted`, never `delivered`. */
export const acceptance = z.strictObject({
  accepted: z.boolean(),
  /** The provider's own words: an SMTP reply, an HTTP status. */
  answer: z.string(),
  at: z.iso.datetime(),
});
export type Acceptance = Readonly<z.infer<typeof acceptance>>;

/** A message found at its destination. */
export const arrival = z.strictObject({
  /** When the destination says it came in. */
  at: z.iso.datetime(),
  /** Where it was found: a mail folder, a sink. */
  place: z.string(),
  /** False where a person would not see it: Junk, the wrong inbox. */
  seenByPeople: z.boolean(),
  /** Subject and text, cut to what a reader needs. */
  excerpt: z.string(),
  /** Set when the destination can tell them: the alert's identity and state as Alertmanager sent them. */
  fingerprint: z.string().optional(),
  status: z.enum(['firing', 'resolved']).optional(),
  /** What the destination tells of the way there, in the order of time: `queued`, `sent`, `delivered`, `notified by phone`. */
  hops: z.array(z.strictObject({ hop: z.string(), at: z.iso.datetime() })).optional(),
});
export type Arrival = Readonly<z.infer<typeof arrival>>;

/** A sign, left by a person at the destination, that they have seen a message. */
export const acknowledgement = z.strictObject({
  /** When they did it, or when it was first seen where the destination keeps no time of it. */
  at: z.iso.datetime(),
  /** Who, as the destination names them. */
  by: z.string(),
  /** What they did: `replied`, `reacted with :eyes:`, `pressed 1`, `acknowledged the incident`. */
  how: z.string(),
});
export type Acknowledgement = Readonly<z.infer<typeof acknowledgement>>;

export interface ChannelContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A way to reach people, open for one gate run. */
export interface Channel {
  readonly name: string;
  readonly kind: string;
  /** Sends straight to the provider. Being refused is an acceptance with `accepted: false`; not reaching it is a Fault. */
  send(message: TestMessage, signal: AbortSignal): Promise<Acceptance>;
  /**
   * One look at the destination for everything that carries `nonce`; the caller decides how often to look.
   * `channel/unreachable` and `channel/rate-limited` may pass by themselves; other Faults do not.
   */
  readBack(nonce: string, signal: AbortSignal): Promise<readonly Arrival[]>;
  /** One look for signs of people who have seen a message with `nonce`; absent where the destination cannot show any. */
  readonly acknowledgements?: (nonce: string, signal: AbortSignal) => Promise<readonly Acknowledgement[]>;
  /** How much of a test message can be read back: a text message has no room for all of it, a call leaves no text. `everything` when not said. */
  readonly carries?: 'everything' | 'subject' | 'token';
  /** Whether several copies of a message are one where they arrive: then it cannot show that something was told twice. */
  readonly mergesCopies?: true;
  /** How long to leave between two looks: what the destination's rate limits allow. */
  readonly readBackEveryMs: number;
  close(): Promise<void>;
}

/** Where a channel ends, told without opening it. */
export interface Reach {
  /** Whom a message wakes: the people on call, whoever holds the number, or nobody. */
  readonly wakes: 'on-call' | 'holder' | 'nobody';
  /** Where messages are seen: an address, a number, a room. */
  readonly to: string;
  /** The kinds of Alertmanager's integrations that may lead there: `pagerduty`, `webhook`. */
  readonly integrations: readonly string[];
  /** By what such an integration is told from others: e-mail addresses and URLs; none where its configuration shows nothing of it. */
  readonly addresses: readonly string[];
}

/** An entry of an Alertmanager receiver: `email_configs` and what stands there. */
export interface ReceiverEntry {
  readonly list: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The file in which Alertmanager finds a secret; `holds` says what belongs in it. */
export type SecretFile = (secret: string, holds: string) => string;

export interface ChannelKind<Options = unknown> {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType<Options>;
  reach(options: Options): Reach;
  open(name: string, options: Options, context: ChannelContext): Promise<Channel>;
  /** How Alertmanager comes to the same place; undefined when the options do not say. Secrets are named by file and never written. */
  receiver?(options: Options, secretFile: SecretFile): ReceiverEntry | undefined;
}

/** Types a channel kind by its schema, and forgets the type so that kinds can stand in one list. */
export function defineChannel<Options>(channel: ChannelKind<Options>): ChannelKind {
  return channel;
}
