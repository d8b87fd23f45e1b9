import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTwilio, type RunningTwilio } from '../../sandbox/twilio.ts';
import { waitUntil } from '../../sandbox/wait-until.ts';
import { startPhoneBridge, type PhoneBridge } from './phone-bridge.ts';

let twilio: RunningTwilio;
let bridge: PhoneBridge;
beforeEach(async () => {
  twilio = await startTwilio({ hopMs: 5 });
  bridge = await startPhoneBridge({ twilioUrl: twilio.url, ...twilio, port: 0 });
});
afterEach(async () => {
  await bridge.stop();
  await twilio.stop();
});

const firing = {
  status: 'firing',
  labels: { alertname: 'HighErrorRate', severity: 'critical', liveproof_nonce: 'lp1' },
  annotations: { summary: 'Errors & <more>' },
  fingerprint: 'f1',
  startsAt: '2026-01-01T00:00:00Z',
};

async function notify(...alerts: readonly object[]): Promise<number> {
  const answer = await fetch(bridge.alertsUrl, { method: 'POST', body: JSON.stringify({ version: '4', alerts }) });
  return answer.status;
}
const settled = async () =>
  await waitUntil('every call and message is settled', () =>
    [...twilio.calls(), ...twilio.messages()].every(({ status }) => ['completed', 'delivered', 'received'].includes(status)),
  );

test('a firing alert makes one call and one SMS, which say what it is', async () => {
  expect(await notify(firing)).toBe(200);
  await settled();
  expect(twilio.calls()).toMatchObject([{ to: twilio.to, status: 'completed', answeredBy: 'human' }]);
  expect(twilio.messages().map(({ body }) => body)).toEqual([
    'FIRING HighErrorRate: Errors & <more> | liveproof_nonce=lp1, severity=critical',
  ]);
  expect(bridge.calls()).toEqual([{ sid: twilio.calls()[0]?.sid, nonce: 'lp1', said: twilio.messages()[0]?.body }]);
});

test('a notification that comes again calls nobody again; a new start of the alert does', async () => {
  await Promise.all([notify(firing), notify(firing), notify(firing)]);
  await notify(firing, { ...firing, annotations: {} });
  expect([twilio.calls().length, twilio.messages().length]).toEqual([1, 1]);
  await notify({ ...firing, startsAt: '2026-01-01T01:00:00Z' });
  expect([twilio.calls().length, twilio.messages().length]).toEqual([2, 2]);
});

test('an alert that is over writes one SMS and calls nobody', async () => {
  await notify(firing);
  await notify({ ...firing, status: 'resolved' });
  await notify({ ...firing, status: 'resolved' });
  expect(twilio.calls()).toHaveLength(1);
  expect(twilio.messages().map(({ body }) => body.slice(0, 22))).toEqual(['FIRING HighErrorRate: ', 'RESOLVED HighErrorRate']);
  expect(twilio.messages()[1]?.body).toContain('liveproof_nonce=lp1');
});

test('while Twilio does not take them, Alertmanager is told to try again, and only what is missing is sent then', async () => {
  twilio.behave({ kind: 'status', status: 500, times: 1 });
  expect(await notify(firing)).toBe(503);
  expect(twilio.calls().length + twilio.messages().length).toBe(1);
  expect(await notify(firing)).toBe(200);
  expect([twilio.calls().length, twilio.messages().length]).toEqual([1, 1]);
});

test('the digit that is pressed is kept with the call, and with no other', async () => {
  twilio.hand({ acknowledgesAfterMs: 5, digit: '5' });
  await notify(firing, { ...firing, fingerprint: 'f2', labels: { alertname: 'Other' } });
  await waitUntil('both are acknowledged', () => bridge.calls().every(({ digits }) => digits === '5'));
  const listed = (await (await fetch(`${bridge.callsUrl}?nonce=lp1`)).json()) as unknown;
  expect(listed).toEqual({
    calls: [{ sid: expect.any(String), nonce: 'lp1', said: expect.any(String), digits: '5', pressedAt: expect.any(String) }],
  });
  // An alert without a nonce is known by its fingerprint.
  expect(
    bridge
      .calls()
      .map(({ nonce }) => nonce)
      .toSorted(),
  ).toEqual(['f2', 'lp1']);
});

test('what is unknown or no notification is refused, and long texts are cut for an SMS', async () => {
  const status = async (path: string, body = ''): Promise<number> => (await fetch(`${bridge.url}${path}`, { method: 'POST', body })).status;
  expect(await status('/alerts', 'nonsense')).toBe(400);
  expect(await status('/alerts', '{"alerts":[{"status":"new"}]}')).toBe(400);
  expect(await status('/twiml?nonce=lp9')).toBe(404);
  expect(await status('/pressed?nonce=lp9&CallSid=CA0&Digits=1')).toBe(404);
  expect(
    await notify({ ...firing, annotations: { summary: 'x'.repeat(1_200) }, labels: { ...firing.labels, long: 'y'.repeat(1_000) } }),
  ).toBe(200);
  expect(twilio.messages()[0]?.body).toContain('liveproof_nonce=lp1');
});
