import twilio, { type Twilio } from 'twilio';
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js';
import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveHttp } from '../probes/loopback.ts';
import { startTwilio, strangersNumber, type RunningTwilio, type TwilioBehaviour, type TwilioOptions } from './twilio.ts';
import { waitUntil } from './wait-until.ts';

/** Twilio's own client, whose every request goes to the stand-in; its code is unchanged. */
function sdkOf({ url, accountSid, authToken }: Pick<RunningTwilio, 'url' | 'accountSid' | 'authToken'>): Twilio {
  class ToStandIn extends twilio.RequestClient {
    override request<Data>(options: RequestOptions<Data>) {
      return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', url) });
    }
  }
  return twilio(accountSid, authToken, { httpClient: new ToStandIn() });
}

let sandbox: RunningTwilio;
let sdk: Twilio;
beforeEach(async () => {
  sandbox = await startTwilio({ hopMs: 5 });
  sdk = sdkOf(sandbox);
});
afterEach(async () => await sandbox.stop());

const ends = () => ({ from: sandbox.from, to: sandbox.to });
const callSettled = async (sid: string) =>
  await waitUntil('the call is over', async () => {
    const call = await sdk.calls(sid).fetch();
    return ['completed', 'busy', 'no-answer', 'failed'].includes(call.status) && call;
  });
const messageSettled = async (sid: string) =>
  await waitUntil('the message has its last status', async () => {
    const message = await sdk.messages(sid).fetch();
    return ['delivered', 'undelivered'].includes(message.status) && message;
  });

async function raw(path: string, authorized = true): Promise<{ status: number; body: Record<string, unknown> }> {
  const authorization = `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}`;
  const answer = await fetch(`${sandbox.url}/2010-04-01/Accounts/${sandbox.accountSid}/${path}`, {
    headers: authorized ? { authorization } : {},
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** What the SDK reads from an answer. */
type Payload<Instance extends abstract new (version: never, payload: never, ...more: never[]) => unknown> =
  ConstructorParameters<Instance>[1];

/** Every field that the SDK knows of a resource: the compiler sees to it that none is forgotten or made up. */
const callFields = {
  account_sid: 'text',
  answered_by: 'text?',
  api_version: 'text',
  caller_name: 'text?',
  date_created: 'time',
  date_updated: 'time',
  direction: 'text',
  duration: 'text?',
  end_time: 'time?',
  forwarded_from: 'text?',
  from: 'text',
  from_formatted: 'text',
  group_sid: 'text?',
  parent_call_sid: 'text?',
  phone_number_sid: 'text',
  price: 'text?',
  price_unit: 'text',
  queue_time: 'text',
  sid: 'text',
  start_time: 'time?',
  status: 'text',
  subresource_uris: 'object',
  to: 'text',
  to_formatted: 'text',
  trunk_sid: 'text?',
  uri: 'text',
} as const satisfies Record<keyof Payload<typeof CallInstance>, string>;
const messageFields = {
  account_sid: 'text',
  api_version: 'text',
  body: 'text',
  date_created: 'time',
  date_sent: 'time?',
  date_updated: 'time',
  direction: 'text',
  error_code: 'number?',
  error_message: 'text?',
  from: 'text',
  messaging_service_sid: 'text?',
  num_media: 'text',
  num_segments: 'text',
  price: 'text?',
  price_unit: 'text',
  sid: 'text',
  status: 'text',
  subresource_uris: 'object',
  to: 'text',
  uri: 'text',
} as const satisfies Record<keyof Payload<typeof MessageInstance>, string>;

function misfits(fields: Readonly<Record<string, string>>, resource: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(fields).flatMap(([name, kind]) => {
    const value = resource[name];
    const fits =
      (value === null && kind.endsWith('?')) ||
      (kind.startsWith('text') && typeof value === 'string') ||
      (kind.startsWith('number') && typeof value === 'number') ||
      (kind === 'object' && typeof value === 'object' && value !== null) ||
      (kind.startsWith('time') && typeof value === 'string' && /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/.test(value));
    return fits ? [] : [`${name}: ${JSON.stringify(value)} is no ${kind}`];
  });
}

describe("Twilio's own client", () => {
  test('makes a call, and sees it completed with its duration', async () => {
    const made = await sdk.calls.create({ ...ends(), twiml: '<Response><Say>Hello</Say></Response>', machineDetection: 'Enable' });
    expect(made).toMatchObject({ status: 'queued', direction: 'outbound-api', to: sandbox.to, startTime: null });
    expect(await callSettled(made.sid)).toMatchObject({
      status: 'completed',
      duration: '1',
      answeredBy: 'human',
      startTime: expect.any(Date),
    });
    expect(misfits(callFields, (await raw(`Calls/${made.sid}.json`)).body)).toEqual([]);
  });

  test('sends a message, and sees it sent and then delivered', async () => {
    const made = await sdk.messages.create({ ...ends(), body: 'Hello é ✓' });
    expect(made).toMatchObject({ status: 'queued', body: 'Hello é ✓', errorCode: null, dateSent: null });
    expect(await messageSettled(made.sid)).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) });
    expect(misfits(messageFields, (await raw(`Messages/${made.sid}.json`)).body)).toEqual([]);
  });

  test('reads lists over all their pages, newest first, by number and day', async () => {
    const bodies = Array.from({ length: 7 }, (_, index) => `message ${String(index)}`);
    for (const body of bodies) await sdk.messages.create({ ...ends(), body });
    const day = new Date(new Date().toISOString().slice(0, 10));
    const listed = await sdk.messages.list({ to: sandbox.to, dateSentAfter: day, pageSize: 2 });
    expect(listed.map(({ body }) => body)).toEqual(bodies.toReversed());
    expect(await sdk.messages.list({ to: '+15550000000' })).toEqual([]);
    expect(await sdk.messages.list({ dateSentAfter: new Date(Date.now() + 2 * 86_400_000) })).toEqual([]);
    const { body } = await raw('Messages.json?PageSize=5&Page=1');
    expect(body).toMatchObject({
      page: 1,
      page_size: 5,
      start: 5,
      end: 6,
      next_page_uri: null,
      previous_page_uri: expect.stringMatching(/^\/2010-04-01\//),
    });
  });

  test.each([
    ['a number that is none', { to: 'somebody' }, 400, 21211],
    ['a sender that is not ours', { from: '+15557654321' }, 400, 21606],
    ['no words', { body: '' }, 400, 21602],
    ['too many words', { body: 'x'.repeat(1601) }, 400, 21617],
  ])('is refused for %s', async (_what, change, status, code) => {
    await expect(sdk.messages.create({ ...ends(), body: 'Hello', ...change })).rejects.toMatchObject({ status, code });
  });

  test.each([
    ['a number that is none', { to: 'somebody' }, 21211],
    ['a caller that is not ours', { from: '+15557654321' }, 21210],
    ['instructions that are nowhere', { url: 'nowhere' }, 21205],
  ])('may not call with %s', async (_what, change, code) => {
    await expect(sdk.calls.create({ ...ends(), url: 'http://127.0.0.1/', ...change })).rejects.toMatchObject({ status: 400, code });
  });

  test('is refused with a wrong token, for what does not exist, and while it is asked to wait', async () => {
    await expect(sdkOf({ ...sandbox, authToken: 'wrong' }).messages.list()).rejects.toMatchObject({ status: 401, code: 20003 });
    await expect(sdk.messages(`SM${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    sandbox.behave({ kind: 'status', status: 429, retryAfterS: 1, times: 1 });
    const limited = await raw('Messages.json');
    expect(limited).toMatchObject({
      status: 429,
      body: { code: 20429, status: 429, more_info: 'https://www.twilio.com/docs/errors/20429' },
    });
    expect((await raw('Messages.json')).status).toBe(200);
    expect((await raw('Messages.json', false)).body).toMatchObject({ code: 20003 });
  });
});

interface Application {
  readonly url: string;
  readonly requests: { readonly url: string; readonly parameters: Record<string, string>; readonly signature: string }[];
}

/** An application that says something, and gathers one digit. */
async function withApplication(options: TwilioOptions, use: (app: Application, sandbox: RunningTwilio) => Promise<void>): Promise<void> {
  const requests: Application['requests'] = [];
  let address = '';
  await using server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const parameters = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      requests.push({ url: `${address}${request.url ?? ''}`, parameters, signature: String(request.headers['x-twilio-signature']) });
      const gather = '<Gather numDigits="1" action="/pressed?a=1&amp;b=2"><Say>Fire &amp; smoke</Say></Gather>';
      response.end(`<Response>${request.url?.startsWith('/say') === true ? gather : '<Say>Thanks</Say>'}</Response>`);
    });
  });
  address = server.url;
  await using other = await startTwilio({ hopMs: 5, ...options });
  await use({ url: `${address}/say?nonce=lp1`, requests }, other);
}

describe('a call with a URL', () => {
  test('really asks it, signed as Twilio signs, and posts the digit that is pressed to the action', async () => {
    await withApplication({ person: { acknowledgesAfterMs: 5, digit: '7' }, eventsAfterMs: 0 }, async (app, other) => {
      const client = sdkOf(other);
      const { sid } = await client.calls.create({ from: other.from, to: other.to, url: app.url });
      await waitUntil('the call is over', async () => (await client.calls(sid).fetch()).status === 'completed');
      expect(app.requests.map(({ url }) => new URL(url).pathname + new URL(url).search)).toEqual(['/say?nonce=lp1', '/pressed?a=1&b=2']);
      expect(app.requests[0]?.parameters).toMatchObject({ CallSid: sid, To: other.to, CallStatus: 'in-progress' });
      expect(app.requests[1]?.parameters).toMatchObject({ CallSid: sid, Digits: '7' });
      for (const { url, parameters, signature } of app.requests) {
        expect(twilio.validateRequest(other.authToken, signature, url, parameters)).toBe(true);
      }
      const events = await client.calls(sid).events.list();
      expect(events).toMatchObject([
        {
          request: { method: 'POST', url: app.url, parameters: { call_sid: sid } },
          response: { response_code: 200, response_body: expect.stringContaining('Fire') },
        },
        { request: { parameters: { digits: '7' } } },
      ]);
    });
  });

  test('shows its events only after the time that Twilio keeps them back', async () => {
    await withApplication({}, async (app, other) => {
      const client = sdkOf(other);
      const { sid } = await client.calls.create({ from: other.from, to: other.to, url: app.url });
      await waitUntil('the call is over', async () => (await client.calls(sid).fetch()).status === 'completed');
      expect(await client.calls(sid).events.list()).toEqual([]);
    });
  });
});

describe('a phone that', () => {
  test.each(['busy', 'no-answer'] as const)('is not taken: %s', async (answers) => {
    sandbox.hand({ answers });
    const { sid } = await sdk.calls.create({ ...ends(), twiml: '<Response/>' });
    expect(await callSettled(sid)).toMatchObject({ status: answers, duration: '0' });
  });

  test('is taken by a machine says so where that is asked for', async () => {
    sandbox.hand({ answers: 'machine' });
    const detected = await sdk.calls.create({ ...ends(), twiml: '<Response/>', machineDetection: 'Enable' });
    const plain = await sdk.calls.create({ ...ends(), twiml: '<Response/>' });
    expect(await callSettled(detected.sid)).toMatchObject({ status: 'completed', answeredBy: 'machine_start' });
    expect(await callSettled(plain.sid)).toMatchObject({ status: 'completed', answeredBy: null });
  });

  test('is held by somebody who replies to what fires, and not to what is over', async () => {
    sandbox.hand({ acknowledgesAfterMs: 5, reply: 'On it' });
    const over = await sdk.messages.create({ ...ends(), body: 'RESOLVED x' });
    await messageSettled(over.sid);
    await sdk.messages.create({ ...ends(), body: 'FIRING x' });
    const [reply, ...more] = await waitUntil('the reply is there', async () => {
      const replies = await sdk.messages.list({ from: sandbox.to, to: sandbox.from });
      return replies.length > 0 && replies;
    });
    expect(reply).toMatchObject({ direction: 'inbound', status: 'received', body: 'On it' });
    expect(more).toEqual([]);
  });
});

describe('a Twilio that', () => {
  const send = async (behaviour: TwilioBehaviour) => {
    sandbox.behave(behaviour);
    return await sdk.messages.create({ ...ends(), body: 'Hello lp1' });
  };

  test('drops takes the message, and it stays sent', async () => {
    const { sid } = await send({ kind: 'drop' });
    await waitUntil('it is sent', async () => (await sdk.messages(sid).fetch()).status === 'sent');
    expect(sandbox.messages().map(({ status }) => status)).toEqual(['sent']);
  });

  test('fails says which error it was', async () => {
    const { sid } = await send({ kind: 'fail', errorCode: 30007 });
    expect(await messageSettled(sid)).toMatchObject({ status: 'undelivered', errorCode: 30007 });
  });

  test('is late, wrong, twofold or garbled says 201 all the same', async () => {
    await messageSettled((await send({ kind: 'delay', ms: 20 })).sid);
    expect((await send({ kind: 'misdeliver' })).to).toBe(strangersNumber);
    await send({ kind: 'garble' });
    expect(sandbox.messages().at(-1)?.body).not.toContain('lp1');
    const before = sandbox.messages().length;
    await send({ kind: 'twice' });
    expect(sandbox.messages()).toHaveLength(before + 2);
  });

  test('is broken or lets nobody in answers with its errors', async () => {
    await expect(send({ kind: 'status', status: 500 })).rejects.toMatchObject({ status: 500, code: 20500 });
    await expect(send({ kind: 'refuse' })).rejects.toMatchObject({ status: 401, code: 20003 });
  });
});
