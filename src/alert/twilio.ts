import { z } from 'zod';
import { parseJson } from '../base/parse-json.ts';
import type { Clock } from '../base/clock.ts';
import { duration } from '../base/duration.ts';
import type { HttpAnswer } from '../base/exchange.ts';
import { Fault } from '../base/fault.ts';
import { secret } from '../base/secret.ts';
import { alertsUrl } from './bridge.ts';
import type { Acceptance } from './channel.ts';
import { connectProvider } from './provider.ts';

const phoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/)
  .meta({ expects: 'a phone number in E.164 form, as in +15551234567' });

/** What every channel on Twilio is told: whose account, and the two numbers. */
export const twilioAccount = {
  api: z
    .url({ protocol: /^https?$/ })
    .prefault('https://api.twilio.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Where the REST API answers.'),
  accountSid: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/)
    .meta({ expects: 'the SID of an account: AC and 32 hexadecimal digits' }),
  apiKey: z
    .string()
    .regex(/^SK[0-9a-fA-F]{32}$/)
    .optional()
    .meta({ expects: 'the SID of an API key: SK and 32 hexadecimal digits' })
    .describe('The SID of an API key, whose secret is then the `authToken`.'),
  authToken: secret().describe("The account's auth token, or the secret of the API key."),
  from: phoneNumber.describe('The number that the alerts come from.'),
  to: phoneNumber.describe('The number that they must reach.'),
  lookEvery: duration.prefault('1s').describe('How often Twilio is asked what became of it.'),
  alertsUrl,
};
const account = z.strictObject(twilioAccount);
export type TwilioAccount = Readonly<z.output<typeof account>>;

/** Twilio's times are RFC 2822, to the second; read as ISO 8601. */
export const twilioTime = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

export interface Created {
  readonly acceptance: Acceptance;
  readonly sid: string | undefined;
}

export interface Twilio {
  /** Makes a call or a message. Being refused is an acceptance with `accepted: false`. */
  create(resource: 'Calls' | 'Messages', fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Created>;
  /** One resource below the account, such as `Calls/CA….json`. Not being let in is the Fault `channel/refused`. */
  read<Shape>(path: string, shape: z.ZodType<Shape>, signal: AbortSignal): Promise<Shape>;
  /** Every item of a list, over all its pages. `path` is below the account; the items stand under `key`. */
  list<Item>(
    path: string,
    key: string,
    query: Readonly<Record<string, string>>,
    item: z.ZodType<Item>,
    signal: AbortSignal,
  ): Promise<readonly Item[]>;
}

/** Newest first: what is beyond these pages is older than the run. */
const mostPages = 20;
const pageSize = '100';
const refusal = z.looseObject({ code: z.number(), message: z.string() });

/** Twilio's REST API of 2010-04-01. Source: https://www.twilio.com/docs/usage/api */
export function connectTwilio({ api, accountSid, apiKey, authToken }: TwilioAccount, clock: Clock): Twilio {
  const provider = connectProvider('Twilio', clock);
  const authorization = `Basic ${Buffer.from(`${apiKey ?? accountSid}:${authToken}`).toString('base64')}`;
  const path = `/2010-04-01/Accounts/${accountSid}`;
  const read = async <Shape>(uri: string, shape: z.ZodType<Shape>, signal: AbortSignal): Promise<Shape> => {
    const answer = await provider.ask({ method: 'GET', url: `${api}${uri}`, headers: { authorization } }, signal);
    if (answer.status >= 500) throw new Fault('channel/unreachable', `Twilio answered with HTTP ${String(answer.status)}`);
    if (answer.status !== 200) throw new Fault('channel/refused', `Twilio does not let us look: ${wordsOf(answer)}`);
    const parsed = shape.safeParse(parseJson(answer.text));
    if (parsed.success) return parsed.data;
    throw new Fault('channel/unreachable', 'Twilio answered with something that we cannot read', {
      hint: `is ${api} really Twilio's API?`,
      cause: parsed.error,
    });
  };
  return {
    create: async (resource, fields, signal) => {
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
      const text = new URLSearchParams(fields).toString();
      const answer = await provider.ask({ method: 'POST', url: `${api}${path}/${resource}.json`, headers, text }, signal);
      const at = clock.now().toISOString();
      const sid = z.looseObject({ sid: z.string() }).safeParse(parseJson(answer.text)).data?.sid;
      if (answer.status === 201 && sid !== undefined) return { acceptance: { accepted: true, answer: `HTTP 201, ${sid}`, at }, sid };
      return { acceptance: { accepted: false, answer: wordsOf(answer), at }, sid: undefined };
    },
    read: (below, shape, signal) => read(`${path}/${below}`, shape, signal),
    list: async (below, key, query, item, signal) => {
      // Only what is below the account: the credentials go nowhere else, whatever an answer says.
      const page = z.looseObject({ [key]: z.array(item), next_page_uri: z.string().startsWith(`${path}/`).nullish() });
      const items: z.output<typeof item>[] = [];
      let uri: string | null | undefined = `${path}/${below}?${new URLSearchParams({ ...query, PageSize: pageSize }).toString()}`;
      for (let count = 0; typeof uri === 'string' && count < mostPages; count += 1) {
        const answered: Record<string, unknown> = await read(uri, page, signal);
        items.push(...(answered[key] as z.output<typeof item>[]));
        uri = answered['next_page_uri'] as string | null | undefined;
      }
      return items;
    },
  };
}

/** For lists that are asked by day: what was made since `opened`, with an hour for clocks that differ. */
export function sinceDay(opened: Date): string {
  return new Date(opened.getTime() - 3_600_000).toISOString().slice(0, 10);
}

/** Errors that a person can do something about. Source: https://www.twilio.com/docs/api/errors */
const hints: Readonly<Record<number, string>> = {
  20003: 'check "accountSid" and "authToken" (and "apiKey", where one is given)',
  20404: 'is "accountSid" the account that the credentials belong to?',
  21210: '"from" is not a number of this account',
  21211: '"to" is no phone number that can be reached',
  21212: '"from" is no phone number that can be used',
  21408: 'the account may not send to the country of "to"',
  21606: '"from" is not a number of this account that can send SMS',
  21608: 'a trial account reaches verified numbers only',
  21610: 'this phone has answered STOP: it gets nothing until it answers START',
};

function wordsOf(answer: HttpAnswer): string {
  const words = refusal.safeParse(parseJson(answer.text)).data;
  if (words === undefined) return `HTTP ${String(answer.status)}`;
  const hint = hints[words.code];
  return `HTTP ${String(answer.status)}, error ${String(words.code)}: ${words.message}${hint === undefined ? '' : ` (${hint})`}`;
}
