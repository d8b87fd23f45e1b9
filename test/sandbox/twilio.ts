import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { listenOnLoopback } from './listen.ts';
import type { Part } from './part.ts';
import { createTimers } from './provider-behaviour.ts';
import { serveCalls, type StoredCall } from './twilio/calls.ts';
import { serveMessages, type StoredMessage } from './twilio/messages.ts';
import { refuse } from './twilio/rest.ts';
import type { TwilioBehaviour, TwilioPerson, World } from './twilio/world.ts';

export { strangersNumber, type TwilioBehaviour, type TwilioPerson } from './twilio/world.ts';

export interface TwilioOptions {
  readonly port?: number;
  readonly accountSid?: string;
  readonly authToken?: string;
  /** The account's own number. */
  readonly from?: string;
  /** The on-call phone. */
  readonly to?: string;
  readonly person?: Partial<TwilioPerson>;
  /** Between two states of a call or message; 20 ms. */
  readonly hopMs?: number;
  /** How long after a call's end its events can be read: 15 minutes, as Twilio says. */
  readonly eventsAfterMs?: number;
  /** How many requests Twilio works on at the same time for this account. */
  readonly concurrency?: number;
}

export interface RunningTwilio extends Part {
  readonly url: string;
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly to: string;
  /** Holds for calls, messages and requests from now on. */
  behave(behaviour: TwilioBehaviour): void;
  /** Who holds the phone from now on. */
  hand(person: Partial<TwilioPerson>): void;
  calls(): readonly StoredCall[];
  messages(): readonly StoredMessage[];
}

/** Starts a stand-in of Twilio's REST API on loopback; see twilio/README.md for what it leaves out. */
export async function startTwilio(options: TwilioOptions = {}): Promise<RunningTwilio> {
  const {
    port = 0,
    accountSid = 'AC0123456789abcdef0123456789abcdef',
    authToken = 'sandbox-twilio-token',
    from = '+15550001111',
    to = '+15552223333',
    hopMs = 20,
    eventsAfterMs = 15 * 60_000,
    concurrency = 50,
  } = options;
  const timers = createTimers();
  const stopping = new AbortController();
  let behaviour: TwilioBehaviour = { kind: 'deliver' };
  let struck = 0;
  let person: TwilioPerson = { answers: 'human', acknowledgesAfterMs: 'never', digit: '1', reply: 'OK', ...options.person };
  let inFlight = 0;

  const app = new Hono();
  const world: World = {
    accountSid,
    authToken,
    from,
    hopMs,
    eventsAfterMs,
    behaviour: () => behaviour,
    person: () => person,
    later: timers.later,
    stopped: stopping.signal,
  };
  const credentials = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  app.use(async (context, next) => {
    if (behaviour.kind === 'status' && struck < (behaviour.times ?? Infinity)) {
      struck += 1;
      const after = behaviour.retryAfterS;
      const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': String(after) };
      return refuse(context, behaviour.status === 429 ? 20429 : 20500, headers);
    }
    const isKnown = context.req.header('authorization') === credentials && behaviour.kind !== 'refuse';
    if (!isKnown) return refuse(context, 20003, { 'www-authenticate': 'Basic realm="Twilio API"' });
    if (inFlight >= concurrency) return refuse(context, 20429);
    inFlight += 1;
    try {
      await next();
    } finally {
      inFlight -= 1;
    }
  });
  const calls = serveCalls(app, world);
  const messages = serveMessages(app, world);
  app.notFound((context) => refuse(context, 20404));

  const listening = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), port, () => {
    stopping.abort();
    timers.clear();
  });
  return {
    ...listening,
    accountSid,
    authToken,
    from,
    to,
    behave: (next) => {
      behaviour = next;
      struck = 0;
    },
    hand: (next) => {
      person = { ...person, ...next };
    },
    calls: calls.all,
    messages: messages.all,
  };
}
