import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import sms from '../../src/channels/sms.ts';
import { freePort } from '../probes/loopback.ts';
import { startTwilio, strangersNumber, type RunningTwilio, type TwilioBehaviour } from '../sandbox/twilio.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const never = new AbortController().signal;
const message = { nonce: 'lp1n1', subject: '[TEST] is it delivered? é € ✓ & < > lp1n1', text: 'Hello' };

let twilio: RunningTwilio;
let channel: Channel;
beforeEach(async () => {
  twilio = await startTwilio({ hopMs: 5 });
  channel = await open();
});
afterEach(async () => {
  await channel.close();
  await twilio.stop();
});

function open(changes: object = {}): Promise<Channel> {
  const { url: api, accountSid, authToken, from, to } = twilio;
  const options = sms.options.parse({ api, accountSid, authToken, from, to, lookEvery: '20ms', ...changes });
  return sms.open('oncall-sms', options, { clock: systemClock, signal: never });
}

/** Sends, and looks until something is there. */
async function sendAndFind(behaviour: TwilioBehaviour = { kind: 'deliver' }) {
  twilio.behave(behaviour);
  expect(await channel.send(message, never)).toMatchObject({ accepted: true, answer: expect.stringMatching(/^HTTP 201, SM/) });
  return await waitUntil('something is there', async () => {
    const found = await channel.readBack('lp1n1', never);
    return found.length > 0 && found;
  });
}

describe('an SMS', () => {
  it('is read back, whole and with its hops, once the network has confirmed it', async () => {
    expect(await sendAndFind()).toEqual([
      {
        at: expect.any(String),
        place: `the messages of ${twilio.to}`,
        seenByPeople: true,
        excerpt: '[TEST] is it delivered? é € ✓ & < > lp1n1',
        hops: ['queued', 'sent', 'delivered'].map((hop) => ({ hop, at: expect.any(String) })),
      },
    ]);
    expect(await channel.readBack('lp1n2', never)).toEqual([]);
  });

  it.each([
    ['FIRING HighErrorRate: lp1n1', 'firing'],
    ['[RESOLVED] HighErrorRate: lp1n1', 'resolved'],
  ])('tells the state of an alert: %s', async (subject, status) => {
    await channel.send({ ...message, subject }, never);
    await waitUntil('it is there', async () => (await channel.readBack('lp1n1', never)).length > 0);
    expect(await channel.readBack('lp1n1', never)).toMatchObject([{ status }]);
  });

  it('that is only sent has not arrived', async () => {
    twilio.behave({ kind: 'drop' });
    expect(await channel.send(message, never)).toMatchObject({ accepted: true });
    await waitUntil('it is sent', () => twilio.messages()[0]?.status === 'sent');
    expect(await channel.readBack('lp1n1', never)).toEqual([]);
  });

  it.each([
    [30003, 'the phone cannot be reached'],
    [30007, 'the carrier filtered it out'],
    [39999, 'see its page'],
  ])('that the network could not deliver is shown with the reason, and nobody sees it: %i', async (errorCode, reason) => {
    expect(await sendAndFind({ kind: 'fail', errorCode })).toMatchObject([
      {
        seenByPeople: false,
        place: expect.stringMatching(new RegExp(`^what never reached .*undelivered, error ${String(errorCode)}: ${reason}`)),
      },
    ]);
  });

  it('that went to another phone is found there, where the person on call does not see it', async () => {
    expect(await sendAndFind({ kind: 'misdeliver' })).toMatchObject([
      { seenByPeople: false, place: `the messages of ${strangersNumber}, which is not ${twilio.to}` },
    ]);
  });

  it('that comes twice is found twice, one that comes late is found late, and a garbled one not at all', async () => {
    await sendAndFind({ kind: 'twice' });
    await waitUntil('both are there', async () => (await channel.readBack('lp1n1', never)).length === 2);
    twilio.behave({ kind: 'delay', ms: 50 });
    await channel.send({ ...message, nonce: 'lp2', subject: 'lp2' }, never);
    await waitUntil('the late one is there', async () => (await channel.readBack('lp2', never)).length === 1);
    twilio.behave({ kind: 'garble' });
    await channel.send({ ...message, nonce: 'lp3' }, never);
    await waitUntil('it is delivered', () => twilio.messages().every(({ status }) => status === 'delivered'));
    expect(await channel.readBack('lp3', never)).toEqual([]);
  });

  it('is found among more messages than fit on a page, and many looks cost one question', async () => {
    await sendAndFind();
    for (let number = 0; number < 120; number += 1) await channel.send({ nonce: 'x', subject: String(number), text: 'x' }, never);
    const other = await open({ lookEvery: '1h' });
    expect(await other.readBack('lp1n1', never)).toHaveLength(1);
    twilio.behave({ kind: 'status', status: 500 });
    expect(await Promise.all(Array.from({ length: 50 }, () => other.readBack('lp1n1', never)))).toHaveLength(50);
    await other.close();
  });
});

describe('an acknowledgement', () => {
  it('is a reply of that phone after the message, and nothing else is', async () => {
    await sendAndFind();
    expect(await channel.acknowledgements?.('lp1n1', never)).toEqual([]);
    twilio.hand({ acknowledgesAfterMs: 5, reply: 'On it' });
    await channel.send({ ...message, nonce: 'lp2', subject: 'lp2' }, never);
    const acknowledged = await waitUntil('it is acknowledged', async () => {
      const found = await channel.acknowledgements?.('lp2', never);
      return found?.length === 1 && found;
    });
    expect(acknowledged).toEqual([{ at: expect.any(String), by: twilio.to, how: 'replied "On it"' }]);
    expect(await channel.acknowledgements?.('lp3', never)).toEqual([]);
  });

  it.each(['STOP', ' unsubscribe '])('is not a reply of %s, which refuses all further messages', async (reply) => {
    twilio.hand({ acknowledgesAfterMs: 5, reply });
    await sendAndFind();
    await waitUntil('the reply is there', () => twilio.messages().some(({ direction }) => direction === 'inbound'));
    expect(await channel.acknowledgements?.('lp1n1', never)).toEqual([]);
  });
});

describe('a Twilio', () => {
  it('that refuses a message is quoted, with what to do', async () => {
    channel = await open({ from: '+15557654321' });
    expect(await channel.send(message, never)).toMatchObject({
      accepted: false,
      answer: expect.stringMatching(/^HTTP 400, error 21606: .* \("from" is not a number of this account that can send SMS\)$/),
    });
  });

  it('that knows no such credentials refuses to send, and to look', async () => {
    channel = await open({ authToken: 'wrong' });
    expect(await channel.send(message, never)).toMatchObject({
      accepted: false,
      answer: expect.stringContaining('check "accountSid" and "authToken"'),
    });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({
      code: 'channel/refused',
      message: expect.not.stringContaining('wrong'),
    });
  });

  it('that is asked too often is left alone until its time is over', async () => {
    twilio.behave({ kind: 'status', status: 429, retryAfterS: 60, times: 1 });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
    // It would answer now, but is not asked.
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
  });

  it('that is broken has taken nothing, and tells nothing about what arrived', async () => {
    twilio.behave({ kind: 'status', status: 500 });
    expect(await channel.send(message, never)).toMatchObject({ accepted: false, answer: expect.stringContaining('HTTP 500') });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({ code: 'channel/unreachable' });
    twilio.behave({ kind: 'deliver' });
    expect(await channel.readBack('lp1n1', never)).toEqual([]);
  });

  it('that is not there cannot be reached', async () => {
    channel = await open({ api: `http://127.0.0.1:${String(await freePort())}` });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/unreachable' });
  });
});

describe('options', () => {
  const key = 'AC0123456789abcdef0123456789abcdef';
  it.each([{ to: '0123' }, { from: 'AccuBooks' }, { accountSid: 'AC12' }, { apiKey: key }, { lookEvery: 5 }])('refuse %o', (change) => {
    const { accountSid, authToken, from, to } = twilio;
    const parsed = sms.options.safeParse({ accountSid, authToken, from, to, ...change });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([Object.keys(change)]);
  });
});
