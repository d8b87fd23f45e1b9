import { z } from 'zod';
import { parseJson } from '../../base/parse-json.ts';
import type { Clock } from '../../base/clock.ts';
import { exchange } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import { twilioTime, type Twilio } from '../../alert/twilio.ts';
import { isOver, type Call } from './calls.ts';

/** A call that carries a nonce: what was said in it, and the digits that were pressed. */
export interface Recognised {
  readonly sid: string;
  readonly said?: string | undefined;
  readonly digits?: string | undefined;
  readonly pressedAt?: string | undefined;
}

/** Which calls carry a nonce: a Call resource itself does not tell. */
export type Recognise = (nonce: string, calls: readonly Call[], signal: AbortSignal) => Promise<readonly Recognised[]>;

const listed = z.looseObject({
  calls: z.array(
    z.looseObject({
      sid: z.string(),
      said: z
        .string()
        .nullish()
        .transform((said) => said ?? undefined),
      digits: z
        .string()
        .nullish()
        .transform((digits) => digits ?? undefined),
      pressedAt: z.iso
        .datetime()
        .nullish()
        .transform((at) => at ?? undefined),
    }),
  ),
});

/** Asks whoever made the calls. What became of a call is still Twilio's to tell. */
export function recogniseByMaker(callsUrl: string): Recognise {
  return async (nonce, _calls, signal) => {
    const url = new URL(callsUrl);
    url.searchParams.set('nonce', nonce);
    const where = `the list of calls at ${url.origin}${url.pathname}`;
    const answer = await exchange({ method: 'GET', url: url.href }, signal).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      throw new Fault('channel/unreachable', `${where} cannot be read`, {
        hint: 'does "callsUrl" lead to what makes the calls?',
        cause: error,
      });
    });
    const parsed = answer.status === 200 ? listed.safeParse(parseJson(answer.text)) : undefined;
    if (parsed?.success === true) return parsed.data.calls;
    throw new Fault('channel/unreachable', `${where} answered with HTTP ${String(answer.status)} and no list that we know`, {
      cause: parsed?.error,
    });
  };
}

/** What Twilio asked the application during a call and what it answered. Source: https://www.twilio.com/docs/voice/api/call-event-resource */
const event = z.looseObject({
  request: z.looseObject({ url: z.string().default(''), parameters: z.record(z.string(), z.unknown()).default({}) }),
  response: z.looseObject({ response_body: z.string().nullish(), date_created: twilioTime.optional() }).default({}),
});
type Event = z.output<typeof event>;

const askAgainAfterMs = 30_000;

/** Reads Twilio's own record of each call that is over. It is there from 15 minutes after the end, so an empty one is asked for again. */
export function recogniseByEvents(twilio: Twilio, clock: Clock): Recognise {
  const known = new Map<string, readonly Event[]>();
  const asked = new Map<string, number>();
  const eventsOf = async (sid: string, signal: AbortSignal): Promise<readonly Event[]> => {
    const kept = known.get(sid);
    if (kept !== undefined) return kept;
    const before = asked.get(sid);
    if (before !== undefined && clock.monotonicMs() - before < askAgainAfterMs) return [];
    const events = await twilio.list(`Calls/${sid}/Events.json`, 'events', {}, event, signal);
    asked.set(sid, clock.monotonicMs());
    if (events.length > 0) known.set(sid, events);
    return events;
  };
  return async (nonce, calls, signal) => {
    const found: Recognised[] = [];
    for (const { sid } of calls.filter(isOver)) {
      const events = await eventsOf(sid, signal);
      if (JSON.stringify(events).includes(nonce)) found.push(toldBy(sid, events));
    }
    return found;
  };
}

function toldBy(sid: string, events: readonly Event[]): Recognised {
  const said = events.map(({ response }) => spoken(response.response_body ?? '')).filter((text) => text !== '');
  const pressed = events.find(({ request }) => typeof request.parameters['digits'] === 'string');
  return {
    sid,
    said: said.length === 0 ? undefined : said.join(' '),
    digits: pressed === undefined ? undefined : String(pressed.request.parameters['digits']),
    pressedAt: pressed?.response.date_created,
  };
}

/** What a person hears of TwiML: the text of its elements. */
function spoken(twiml: string): string {
  return twiml
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
