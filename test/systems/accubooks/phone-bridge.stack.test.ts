import { expect, test } from 'vitest';
import type { Arrival, Channel } from '../../../src/alert/channel.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { channels } from '../../../src/channels/index.ts';
import { startAlertmanager } from '../../sandbox/alertmanager.ts';
import { startTwilio, type RunningTwilio } from '../../sandbox/twilio.ts';
import { waitUntil } from '../../sandbox/wait-until.ts';
import { startPhoneBridge } from './phone-bridge.ts';

const never = new AbortController().signal;

test("a real Alertmanager's alert reaches the phone and the SMS, is acknowledged on both, and is resolved by SMS", async () => {
  await using twilio = await startTwilio({ person: { acknowledgesAfterMs: 50, reply: 'On it' } });
  await using bridge = await startPhoneBridge({ twilioUrl: twilio.url, ...twilio, port: 0 });
  const config = [
    'route: { receiver: phone, group_wait: 0s, group_interval: 1s }',
    `receivers: [{ name: phone, webhook_configs: [{ url: "${bridge.alertsUrl}", send_resolved: true }] }]`,
  ].join('\n');
  await using alertmanager = await startAlertmanager({ config });
  const phone = await open(twilio, 'phone', { callsUrl: bridge.callsUrl });
  const sms = await open(twilio, 'sms', {});

  const labels = { alertname: 'HighErrorRate', severity: 'critical', liveproof_nonce: 'lpfeed' };
  await alertmanager.postAlert({ labels, annotations: { summary: 'High error rate' }, lastsMs: 1_500 });
  const arrived = async (channel: Channel, status: string): Promise<readonly Arrival[]> =>
    await waitUntil(`${channel.name} shows that it is ${status}`, async () => {
      const found = (await channel.readBack('lpfeed', never)).filter((each) => each.status === status);
      return found.length > 0 && found;
    });
  const acknowledged = async (channel: Channel) =>
    await waitUntil(`somebody acknowledged on ${channel.name}`, async () => {
      const found = await channel.acknowledgements?.('lpfeed', never);
      return found !== undefined && found.length > 0 && found;
    });

  expect(await arrived(phone, 'firing')).toMatchObject([{ seenByPeople: true, excerpt: expect.stringContaining('FIRING HighErrorRate') }]);
  expect(await arrived(sms, 'firing')).toMatchObject([{ seenByPeople: true }]);
  expect(await acknowledged(phone)).toMatchObject([{ by: twilio.to, how: 'pressed 1' }]);
  expect(await acknowledged(sms)).toMatchObject([{ by: twilio.to, how: 'replied "On it"' }]);
  expect(await arrived(sms, 'resolved')).toMatchObject([{ seenByPeople: true }]);
  expect(twilio.calls()).toHaveLength(1);
  await Promise.all([phone.close(), sms.close()]);
});

async function open({ url: api, accountSid, authToken, from, to }: RunningTwilio, kind: string, more: object): Promise<Channel> {
  const found = channels.get(kind);
  if (found === undefined) throw new Error(`no channel ${kind}`);
  const options = found.options.parse({ api, accountSid, authToken, from, to, lookEvery: '50ms', ...more });
  return await found.open(`oncall-${kind}`, options, { clock: systemClock, signal: never });
}
