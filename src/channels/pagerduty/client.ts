import { z } from 'zod';
import { parseJson } from '../../base/parse-json.ts';
import { connectProvider } from '../../alert/provider.ts';
import type { Clock } from '../../base/clock.ts';
import { withoutCredentials, type HttpAnswer } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import { page } from './answers.ts';
import type { PagerdutyOptions } from './options.ts';
import { shortened } from '../../base/shortened.ts';

/** The most that PagerDuty gives at once. */
const pageSize = 100;
/** Older ones are not looked at: whoever has more open incidents than this has other worries. */
const mostPages = 5;

export interface Client {
  /** One event to the Events API v2. Any answer but 429 is returned. */
  enqueue(event: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<HttpAnswer>;
  /** One question to the REST API; anything but 2xx with the expected JSON is a Fault. */
  get<Answer>(path: string, schema: z.ZodType<Answer>, signal: AbortSignal): Promise<Answer>;
  /** All pages of a list, first ones first; `key` is where the items stand in the answer. */
  list<Item>(path: string, key: string, schema: z.ZodType<Item>, signal: AbortSignal): Promise<readonly Item[]>;
}

/** Talks to both APIs of PagerDuty, which limit us each by itself. */
export function createClient({ events, api, routingKey, token }: PagerdutyOptions, clock: Clock): Client {
  const eventsApi = connectProvider("PagerDuty's Events API", clock);
  const restApi = connectProvider("PagerDuty's REST API", clock);

  const get = async <Answer>(path: string, schema: z.ZodType<Answer>, signal: AbortSignal): Promise<Answer> => {
    const headers = { accept: 'application/vnd.pagerduty+json;version=2', authorization: `Token token=${token}` };
    const answer = await restApi.ask({ method: 'GET', url: `${api}${path}`, headers }, signal);
    const asked = `PagerDuty's REST API answered GET ${path.split('?', 1)[0] ?? path}`;
    if (answer.status === 401 || answer.status === 403) {
      const hint =
        answer.status === 401 ? 'is "token" a REST API key, and still valid?' : 'may the key in "token" read incidents and users?';
      throw new Fault('channel/refused', `${asked} with HTTP ${String(answer.status)}: ${wordsOf(answer.text)}`, { hint });
    }
    if (answer.status < 200 || answer.status > 299) {
      const code = answer.status >= 500 ? 'channel/unreachable' : 'channel/refused';
      throw new Fault(code, `${asked} with HTTP ${String(answer.status)}: ${wordsOf(answer.text)}`);
    }
    const parsed = schema.safeParse(parseJson(answer.text));
    if (parsed.success) return parsed.data;
    throw new Fault('channel/refused', `${asked} with something else than it documents: ${oneLine(z.prettifyError(parsed.error))}`, {
      hint: `is ${withoutCredentials(api).url} really PagerDuty's REST API?`,
    });
  };

  return {
    get,
    enqueue: (event, signal) =>
      eventsApi.ask({ method: 'POST', url: `${events}/v2/enqueue`, json: { routing_key: routingKey, ...event } }, signal),
    list: async (path, key, schema, signal) => {
      const answer = z.object({ [key]: z.array(schema) }).and(page);
      const items = [];
      for (let offset = 0; offset < mostPages * pageSize; offset += pageSize) {
        const paged = `${path}${path.includes('?') ? '&' : '?'}limit=${String(pageSize)}&offset=${String(offset)}`;
        const found = await get(paged, answer, signal);
        items.push(...((found as Record<string, unknown>)[key] as z.infer<typeof schema>[]));
        if (!found.more) break;
      }
      return items;
    },
  };
}

/** PagerDuty's own words: `{error: {message, errors}}` from one API, `{message, errors}` from the other. */
export function wordsOf(text: string): string {
  const parsed = spoken.safeParse(parseJson(text)).data;
  const { message, errors = [] } = parsed?.error ?? parsed ?? {};
  return oneLine([message ?? text, ...errors].join(': ')) || '(an empty answer)';
}

const words = z.object({ message: z.string().optional(), errors: z.array(z.string()).optional() });
const spoken = words.extend({ error: words.optional() });

function oneLine(text: string): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), 300);
}
