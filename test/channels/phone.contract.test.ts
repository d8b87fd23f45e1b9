import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import phone from '../../src/channels/phone.ts';
import { freePort } from '../probes/loopback.ts';
import { startTwilio, strangersNumber, type RunningTwilio } from '../sandbox/twilio.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { startPhoneBridge, type PhoneBridge } from '../systems/accubooks/phone-bridge.ts';

const never = new AbortController().signal;
const message = { nonce: 'lp1n1', subject: '[TEST] lp1n1', text: 'Is it delivered? é ü € ✓ & < >' };

let twilio: RunningTwilio;
let bridge: PhoneBridge;
const opened: Channel[] = [];
beforeEach(async () => {
  twilio = await startTwilio({ hopMs: 5 });
  bridge = await startPhoneBridge({ twilioUrl: twilio.url, ...twilio, port: 0 });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((channel) => channel.close()));
  await bridge.stop();
  await twilio.stop();
});

async function open(changes: object = {}): Promise<Channel> {
  const { url: api, accountSid, authToken, from, to } = twilio;
  const options = phone.options.parse({ api, accountSid, authToken, from, to, lookEvery: '20ms', ...changes });
  const channel = await phone.open('oncall-phone', options, { clock: systemClock, signal: never });
  opened.push(channel);
  return channel;
}
const byBridge = () => ({ answerUrl: bridge.answerUrl, callsUrl: bridge.callsUrl });

async function sendAndFind(channel: Channel) {
  expect(await channel.send(message, never)).toMatchObject({ accepted: true, answer: expect.stringMatching(/^HTTP 201, CA/) });
  return await waitUntil('something is there', async () => {
    const found = await channel.readBack('lp1n1', never);
    return found.length > 0 && found;
  });
}

describe.each([
  ['that speaks for itself', () => ({})],
  ['that is told what to say by the bridge', byBridge],
])('a call %s', (_how, options) => {
  it('is read back when a person has taken it, with what was said and its hops', async () => {
    const channel = await open(options());
    expect(await sendAndFind(channel)).toEqual([
      {
        at: expect.any(String),
        place: `a call to ${twilio.to} of 1 s`,
        seenByPeople: true,
        excerpt: expect.stringMatching(/^CA[0-9a-f]{32} said: \[TEST\] lp1n1 \| Is it delivered\? é ü € ✓ & < >$/),
        hops: ['queued', 'ringing', 'completed'].map((hop) => ({ hop, at: expect.any(String) })),
      },
    ]);
    expect(await channel.readBack('lp1n2', never)).toEqual([]);
  });

  it.each([
    ['busy', 'a call that nobody took (busy)'],
    ['no-answer', 'a call that nobody took (no-answer)'],
    ['machine', 'a call that no person took (machine_start)'],
  ] as const)('that nobody takes is shown as that: %s', async (answers, place) => {
    twilio.hand({ answers });
    expect(await sendAndFind(await open(options()))).toMatchObject([{ seenByPeople: false, place }]);
  });

  it('that fails, or goes to another phone, has reached nobody', async () => {
    twilio.behave({ kind: 'fail' });
    expect(await sendAndFind(await open(options()))).toMatchObject([{ seenByPeople: false, place: 'a call that nobody took (failed)' }]);
    twilio.behave({ kind: 'misdeliver' });
    const channel = await open(options());
    await channel.send({ ...message, nonce: 'lp2' }, never);
    const found = await waitUntil('it is over', async () => {
      const arrivals = await channel.readBack('lp2', never);
      return arrivals.length > 0 && arrivals;
    });
    expect(found).toMatchObject([{ seenByPeople: false, place: `a call to ${strangersNumber}, which is not ${twilio.to}` }]);
  });

  it('that is never put through has not arrived', async () => {
    twilio.behave({ kind: 'drop' });
    const channel = await open(options());
    await channel.send(message, never);
    expect(await channel.readBack('lp1n1', never)).toEqual([]);
  });
});

describe('a call in which Twilio gets no instructions', () => {
  it('has told nobody anything, though somebody took it', async () => {
    const channel = await open(byBridge());
    // Loses the query, and with it the nonce: the bridge does not know what to say.
    twilio.behave({ kind: 'garble' });
    expect(await sendAndFind(channel)).toMatchObject([
      { seenByPeople: false, place: 'a call in which nothing was said: Twilio never got its instructions' },
    ]);
  });
});

describe('an acknowledgement', () => {
  it('is a digit that was pressed in the call', async () => {
    twilio.hand({ acknowledgesAfterMs: 5, digit: '7' });
    const channel = await open(byBridge());
    await sendAndFind(channel);
    expect(await channel.acknowledgements?.('lp1n1', never)).toEqual([{ at: expect.any(String), by: twilio.to, how: 'pressed 7' }]);
    expect(await channel.acknowledgements?.('lp1n2', never)).toEqual([]);
  });

  it('is missing when nobody presses anything', async () => {
    const channel = await open(byBridge());
    await sendAndFind(channel);
    expect(await channel.acknowledgements?.('lp1n1', never)).toEqual([]);
  });
});

describe("Twilio's own record of a call", () => {
  it('recognises the call and the digit where nobody lists the calls, once it is there', async () => {
    await using early = await startTwilio({ hopMs: 5, eventsAfterMs: 0, person: { acknowledgesAfterMs: 5 } });
    await using other = await startPhoneBridge({ twilioUrl: early.url, ...early, port: 0 });
    const alert = {
      status: 'firing',
      labels: { alertname: 'High', liveproof_nonce: 'lp9' },
      annotations: {},
      fingerprint: 'f1',
      startsAt: '2026-01-01T00:00:00Z',
    };
    const channel = await open({ api: early.url });
    await fetch(other.alertsUrl, { method: 'POST', body: JSON.stringify({ alerts: [alert] }) });
    const found = await waitUntil('it is there', async () => {
      const arrivals = await channel.readBack('lp9', never);
      return arrivals.length > 0 && arrivals;
    });
    expect(found).toMatchObject([{ seenByPeople: true, status: 'firing', excerpt: expect.stringContaining('FIRING High') }]);
    expect(await channel.acknowledgements?.('lp9', never)).toMatchObject([{ how: 'pressed 1' }]);
  });
});

describe('trouble', () => {
  it('with the list of calls is told as that', async () => {
    const gone = `http://127.0.0.1:${String(await freePort())}/calls`;
    const channel = await open({ callsUrl: gone });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({
      code: 'channel/unreachable',
      message: `the list of calls at ${gone} cannot be read`,
    });
    const strange = await open({ callsUrl: `${bridge.url}/nothing` });
    await expect(strange.readBack('lp1n1', never)).rejects.toThrow('answered with HTTP 404');
  });

  it('with credentials, limits and a broken Twilio is a refusal, a limit and no answer', async () => {
    const channel = await open();
    twilio.behave({ kind: 'refuse' });
    expect(await channel.send(message, never)).toMatchObject({ accepted: false, answer: expect.stringContaining('error 20003') });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({ code: 'channel/refused' });
    twilio.behave({ kind: 'status', status: 500 });
    await expect(channel.readBack('lp1n1', never)).rejects.toMatchObject({ code: 'channel/unreachable' });
    twilio.behave({ kind: 'status', status: 429, retryAfterS: 60 });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
  });

  it('with a number that cannot be called is quoted', async () => {
    const channel = await open({ from: '+15557654321' });
    expect(await channel.send(message, never)).toMatchObject({ accepted: false, answer: expect.stringMatching(/^HTTP 400, error 21210/) });
  });
});

describe('options', () => {
  it('ask for the list of calls where something else says what is said', async () => {
    await expect(Promise.try(() => open({ answerUrl: bridge.answerUrl }))).rejects.toThrow('Twilio tells too late');
  });
});
