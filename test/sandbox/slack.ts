import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { listenOnLoopback } from './listen.ts';
import type { Part } from './part.ts';
import { createTimers, deliverAs, refusalOf, type ProviderBehaviour } from './provider-behaviour.ts';

export interface SlackOptions {
  readonly port?: number;
  readonly token?: string;
  /** The id of the channel that the bot is a member of. */
  readonly channel?: string;
  /** How long Ada takes to react to what fires; `never` when she is asleep. */
  readonly acknowledgesAfterMs?: number | 'never';
  readonly acknowledgesBy?: 'reaction' | 'reply' | 'robot';
  /** How often a method may be called within a minute. */
  readonly callsPerMinute?: number;
}

export interface SlackMessage {
  readonly ts: string;
  readonly text: string;
  readonly bot_id?: string;
  readonly user?: string;
  readonly attachments?: readonly unknown[];
  readonly blocks?: readonly unknown[];
  readonly thread_ts?: string;
}

export interface RunningSlack extends Part {
  readonly url: string;
  readonly api: string;
  readonly webhook: string;
  readonly token: string;
  readonly channel: string;
  /** Holds for messages and requests from now on. */
  behave(behaviour: ProviderBehaviour): void;
  acknowledge(afterMs: number | 'never'): void;
  messages(): readonly SlackMessage[];
}

const webhookPath = '/services/T0ACCUBOOKS/B0ONCALL/sandboxsandboxsandbox';
const ada = 'U0ADA';
const users = [
  { id: ada, name: 'ada', real_name: 'Ada Okafor', is_bot: false },
  { id: 'U0ROBOT', name: 'triage', real_name: 'Triage robot', is_bot: true },
];
/** A channel that the bot is no member of. */
const misdeliveredTo = 'C0ELSEWHERE';
const minuteMs = 60_000;

interface Stored {
  readonly message: SlackMessage;
  readonly reactions: { name: string; users: string[]; count: number }[];
  readonly replies: SlackMessage[];
}

/** Starts a stand-in of Slack on loopback; see slack/README.md for what it leaves out. */
export async function startSlack(options: SlackOptions = {}): Promise<RunningSlack> {
  const { port = 0, token = 'xoxb-sandbox-token', channel = 'C0ACCUBOOKS', acknowledgesBy = 'reaction', callsPerMinute = 60 } = options;
  const channels = new Map<string, Stored[]>([
    [channel, []],
    [misdeliveredTo, []],
  ]);
  const calls = new Map<string, number[]>();
  const { later, clear } = createTimers();
  let acknowledgesAfterMs = options.acknowledgesAfterMs ?? 'never';
  let behaviour: ProviderBehaviour = { kind: 'deliver' };
  let lastTs = 0;

  const nextTs = (): string => {
    lastTs = Math.max(Date.now() * 1000, lastTs + 1);
    return `${String(Math.floor(lastTs / 1e6))}.${String(lastTs % 1e6).padStart(6, '0')}`;
  };
  const acknowledge = (stored: Stored): void => {
    if (acknowledgesBy === 'reply') {
      stored.replies.push({ ts: nextTs(), text: 'On it.', user: ada, thread_ts: stored.message.ts });
    } else stored.reactions.push({ name: 'eyes', users: [acknowledgesBy === 'robot' ? 'U0ROBOT' : ada], count: 1 });
  };
  const store = (to: string, content: Omit<SlackMessage, 'ts'>): SlackMessage => {
    const garbled =
      behaviour.kind === 'garble' ? { ...content, text: content.text.replaceAll(/lp[0-9a-f]+/g, '…'), attachments: [] } : content;
    const message = { ...garbled, text: escaped(garbled.text), ts: nextTs() };
    let isFirst = true;
    const put = (): void => {
      const stored: Stored = { message: { ...message, ts: isFirst ? message.ts : nextTs() }, reactions: [], replies: [] };
      isFirst = false;
      channels.get(to)?.push(stored);
      if (acknowledgesAfterMs !== 'never' && !JSON.stringify(message).includes('[RESOLVED'))
        later(acknowledgesAfterMs, () => acknowledge(stored));
    };
    deliverAs(behaviour, { put, later, elsewhere: () => channels.get(misdeliveredTo)?.push({ message, reactions: [], replies: [] }) });
    return message;
  };

  const app = new Hono();
  app.use(async (context, next) => refusalOf(behaviour, context) ?? (await next()));

  app.post(webhookPath, async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null) return context.text('invalid_payload', 400);
    const { text = '', attachments, blocks } = body as Partial<SlackMessage>;
    if (text === '' && attachments === undefined && blocks === undefined) return context.text('no_text', 400);
    store(channel, { text, bot_id: 'B0ALERTS', ...(attachments ? { attachments } : {}), ...(blocks ? { blocks } : {}) });
    return context.text('ok');
  });

  const method = (name: string, act: (parameters: Readonly<Record<string, string>>) => object): void => {
    app.on(['GET', 'POST'], `/api/${name}`, async (context) => {
      const parameters = await parametersOf(context);
      const given = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? parameters['token'];
      if (given === undefined) return context.json({ ok: false, error: 'not_authed' });
      if (given !== token || behaviour.kind === 'refuse') return context.json({ ok: false, error: 'invalid_auth' });
      const recent = (calls.get(name) ?? []).filter((at) => at > Date.now() - minuteMs);
      if (recent.length >= callsPerMinute) {
        const waitS = Math.ceil(((recent[0] ?? 0) + minuteMs - Date.now()) / 1000);
        return context.json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(waitS) });
      }
      calls.set(name, [...recent, Date.now()]);
      return context.json(act(parameters));
    });
  };
  const inChannel = (id: string | undefined, act: (messages: Stored[]) => object): object => {
    if (id === undefined || id === '') return { ok: false, error: 'channel_not_found' };
    if (id === misdeliveredTo) return { ok: false, error: 'not_in_channel' };
    const messages = channels.get(id);
    return messages === undefined ? { ok: false, error: 'channel_not_found' } : act(messages);
  };
  const shown = ({ message, reactions, replies }: Stored): object => ({
    type: 'message',
    ...message,
    ...(reactions.length === 0 ? {} : { reactions }),
    ...(replies.length === 0 ? {} : { thread_ts: message.ts, reply_count: replies.length, reply_users: [ada], reply_users_count: 1 }),
  });

  method('auth.test', () => ({
    ok: true,
    url: 'https://accubooks.slack.com/',
    team: 'AccuBooks',
    user: 'liveproof',
    team_id: 'T0ACCUBOOKS',
    user_id: 'U0BOT',
    bot_id: 'B0LIVEPROOF',
  }));
  method('users.info', ({ user: id }) => {
    const user = users.find((each) => each.id === id);
    return user === undefined ? { ok: false, error: 'user_not_found' } : { ok: true, user };
  });
  method('chat.postMessage', ({ channel: to, text = '', attachments, blocks }) =>
    inChannel(to, () => {
      if (text === '' && attachments === undefined && blocks === undefined) return { ok: false, error: 'no_text' };
      const lists = { ...(attachments ? { attachments: parsed(attachments) } : {}), ...(blocks ? { blocks: parsed(blocks) } : {}) };
      const message = store(to ?? channel, { text, bot_id: 'B0LIVEPROOF', ...lists });
      return { ok: true, channel: to, ts: message.ts, message: { type: 'message', subtype: 'bot_message', ...message } };
    }),
  );
  method('conversations.history', ({ channel: of, oldest = '0', latest = String(Number.MAX_SAFE_INTEGER), limit = '100', cursor }) =>
    inChannel(of, (messages) => {
      const within = messages.filter(({ message: { ts } }) => Number(ts) >= Number(oldest) && Number(ts) <= Number(latest)).toReversed();
      const from = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
      const to = from + Math.min(Number(limit), 999);
      const more = to < within.length;
      return {
        ok: true,
        messages: within.slice(from, to).map(shown),
        has_more: more,
        pin_count: 0,
        ...(more ? { response_metadata: { next_cursor: Buffer.from(String(to)).toString('base64') } } : {}),
      };
    }),
  );
  method('conversations.replies', ({ channel: of, ts }) =>
    inChannel(of, (messages) => {
      const found = messages.find(({ message }) => message.ts === ts);
      if (found === undefined) return { ok: false, error: 'thread_not_found' };
      return { ok: true, messages: [shown(found), ...found.replies.map((reply) => ({ type: 'message', ...reply }))], has_more: false };
    }),
  );

  const listening = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), port, clear);
  const { url } = listening;
  return {
    ...listening,
    api: `${url}/api`,
    webhook: `${url}${webhookPath}`,
    token,
    channel,
    behave: (next) => {
      behaviour = next;
    },
    acknowledge: (afterMs) => {
      acknowledgesAfterMs = afterMs;
    },
    messages: () => (channels.get(channel) ?? []).map(({ message }) => message),
  };
}

async function parametersOf(context: Context): Promise<Readonly<Record<string, string>>> {
  const query = context.req.query();
  if (context.req.method === 'GET') return query;
  if (context.req.header('content-type')?.includes('json') === true) {
    const body = (await context.req.json()) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]));
  }
  const form = await context.req.parseBody();
  return { ...query, ...Object.fromEntries(Object.entries(form).map(([key, value]) => [key, typeof value === 'string' ? value : ''])) };
}

function parsed(text: string): readonly unknown[] {
  return JSON.parse(text) as readonly unknown[];
}

/** As Slack stores what people and apps write: the three characters of its own are escaped, unless they already are. */
function escaped(text: string): string {
  return text
    .replaceAll(/&(?!amp;|lt;|gt;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
