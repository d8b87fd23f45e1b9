import type { Context, Hono } from 'hono';
import { deliverAs } from '../provider-behaviour.ts';
import { newSid, page, refuse, written, type Listed } from './rest.ts';
import { numberForm, strangersNumber, type World } from './world.ts';

export interface StoredMessage extends Listed {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly direction: 'outbound-api' | 'inbound';
  readonly at: Date;
  updated: Date;
  sent: Date | undefined;
  status: string;
  errorCode: number | null;
}

const mostCharacters = 1_600;

/** The Message resource. Source: https://www.twilio.com/docs/messaging/api/message-resource */
export function serveMessages(app: Hono, world: World): { all(): readonly StoredMessage[] } {
  const messages: StoredMessage[] = [];
  const path = `/2010-04-01/Accounts/${world.accountSid}/Messages`;
  const store = (content: Pick<StoredMessage, 'to' | 'from' | 'body' | 'direction' | 'status'>): StoredMessage => {
    const now = new Date();
    const message = { ...content, sid: newSid('SM'), at: now, updated: now, sent: undefined, errorCode: null };
    messages.push(message);
    return message;
  };
  const become = (message: StoredMessage, status: string, errorCode: number | null = null): void => {
    Object.assign(message, { status, updated: new Date(), errorCode, sent: message.sent ?? (status === 'sent' ? new Date() : undefined) });
  };
  const reply = ({ to, from, body }: StoredMessage): void => {
    const { acknowledgesAfterMs, reply: words } = world.person();
    if (acknowledgesAfterMs === 'never' || /^\W*resolved/i.test(body)) return;
    world.later(acknowledgesAfterMs, () => {
      const answer = store({ to: from, from: to, body: words, direction: 'inbound', status: 'received' });
      answer.sent = new Date();
    });
  };
  const send = (message: StoredMessage): void => {
    world.later(world.hopMs, () => become(message, 'sent'));
    const behaviour = world.behaviour();
    if (behaviour.kind === 'fail') {
      return world.later(2 * world.hopMs, () => become(message, 'undelivered', behaviour.errorCode ?? 30003));
    }
    const put = (): void =>
      world.later(2 * world.hopMs, () => {
        become(message, 'delivered');
        reply(message);
      });
    if (behaviour.kind === 'status' || behaviour.kind === 'twice') return put();
    deliverAs(behaviour, { put, later: world.later, elsewhere: put });
  };

  app.post(`${path}.json`, async (context) => {
    const { To: to, From: from, Body: body } = (await context.req.parseBody()) as Readonly<Record<string, string>>;
    if (to === undefined) return refuse(context, 21604);
    if (from === undefined) return refuse(context, 21603);
    if (body === undefined || body === '') return refuse(context, 21602);
    if (!numberForm.test(to)) return refuse(context, 21211);
    if (from !== world.from) return refuse(context, 21606);
    if (body.length > mostCharacters) return refuse(context, 21617);
    const { kind } = world.behaviour();
    const text = kind === 'garble' ? 'The text of this message was removed.' : body;
    const content = {
      to: kind === 'misdeliver' ? strangersNumber : to,
      from,
      body: text,
      direction: 'outbound-api',
      status: 'queued',
    } as const;
    const message = store(content);
    const answer = context.json(shown(message, world), 201);
    send(message);
    if (kind === 'twice') send(store(content));
    return answer;
  });
  app.get(`${path}.json`, (context) => page(context, 'messages', messages, (message) => shown(message, world)));
  app.get(`${path}/:file`, (context: Context) => {
    const found = messages.find(({ sid }) => `${sid}.json` === context.req.param('file'));
    return found === undefined ? refuse(context, 20404) : context.json(shown(found, world));
  });
  return { all: () => messages };
}

function shown(message: StoredMessage, { accountSid }: World): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: written(message.at),
    date_sent: written(message.sent),
    date_updated: written(message.updated),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(Math.ceil(message.body.length / 153)),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}
