import { createHmac, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** The errors that the stand-in knows. Source: https://www.twilio.com/docs/api/errors */
const words = {
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'An internal server error has occurred'],
  21201: [400, "No 'To' number is specified"],
  21205: [400, 'Url is not a valid URL'],
  21210: [400, "'From' phone number is not verified or owned by this account"],
  21211: [400, "The 'To' number is not a valid phone number"],
  21213: [400, "'From' phone number is required"],
  21602: [400, 'Message body is required'],
  21603: [400, "A 'From' phone number is required"],
  21604: [400, "A 'To' phone number is required"],
  21606: [400, "The 'From' phone number is not a valid message-capable number of this account"],
  21617: [400, 'The message body exceeds the 1600 character limit'],
} as const satisfies Record<number, readonly [ContentfulStatusCode, string]>;
export type ErrorCode = keyof typeof words;

/** An error as Twilio answers it: RestException. */
export function refuse(context: Context, code: ErrorCode, headers: Record<string, string> = {}): Response {
  const [status, message] = words[code];
  return context.json({ code, message, more_info: `https://www.twilio.com/docs/errors/${String(code)}`, status }, status, headers);
}

export function newSid(prefix: 'CA' | 'SM' | 'PN'): string {
  return `${prefix}${randomBytes(16).toString('hex')}`;
}

/** RFC 2822, to the second. */
export function written(date: Date | undefined): string | null {
  return date === undefined ? null : date.toUTCString().replace('GMT', '+0000');
}

export interface Listed {
  readonly to: string;
  readonly from: string;
  /** What the list is asked by: when a call started, when a message was sent. */
  readonly at: Date;
}

/** One page of a list, newest first, with the fields that every list of this API has. */
export function page<Item extends Listed>(context: Context, key: string, all: readonly Item[], show: (item: Item) => object): Response {
  const query = context.req.query();
  const from = Object.entries(query).find(([name]) => /^(StartTime|DateSent)>$/.test(name))?.[1];
  const until = Object.entries(query).find(([name]) => /^(StartTime|DateSent)<$/.test(name))?.[1];
  const chosen = all
    .filter((item) => (query['To'] ?? item.to) === item.to && (query['From'] ?? item.from) === item.from)
    .filter(({ at }) => (from === undefined || at >= new Date(from)) && (until === undefined || at <= new Date(until)))
    .toReversed();
  const size = Math.min(Math.max(Number(query['PageSize'] ?? 50), 1), 1000);
  const number = Number(query['Page'] ?? 0);
  const start = number * size;
  const items = chosen.slice(start, start + size);
  const uriOf = (wanted: number): string => {
    const others = Object.entries(query).filter(([name]) => !['Page', 'PageSize', 'PageToken'].includes(name));
    const token: [string, string][] = wanted === 0 ? [] : [['PageToken', `PA${String(wanted)}`]];
    const parameters = new URLSearchParams([...others, ['PageSize', String(size)], ['Page', String(wanted)], ...token]);
    return `${context.req.path}?${parameters.toString()}`;
  };
  return context.json({
    [key]: items.map(show),
    page: number,
    page_size: size,
    start,
    end: Math.max(start, start + items.length - 1),
    uri: uriOf(number),
    first_page_uri: uriOf(0),
    previous_page_uri: number === 0 ? null : uriOf(number - 1),
    next_page_uri: start + size < chosen.length ? uriOf(number + 1) : null,
  });
}

/** What Twilio puts into `X-Twilio-Signature`. Source: https://www.twilio.com/docs/usage/security */
export function signatureOf(authToken: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(parameters).toSorted();
  const text = url + sorted.map((name) => name + (parameters[name] ?? '')).join('');
  return createHmac('sha1', authToken).update(text).digest('base64');
}
