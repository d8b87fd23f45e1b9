import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import slackKind from '../../src/channels/slack.ts';
import { startAlertmanager } from '../sandbox/alertmanager.ts';
import { startSlack, type RunningSlack, type SlackOptions } from '../sandbox/slack.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const nonce = 'lp0123456789abcdef';
const signal = AbortSignal.timeout(60_000);
const message = { nonce, subject: `[TEST] <is it> delivered & read? ${nonce}`, text: 'é ü & < >' };

async function opened(
  options: SlackOptions = {},
  changed: object = {},
): Promise<{ slack: RunningSlack; channel: Channel } & AsyncDisposable> {
  const slack = await startSlack(options);
  const given = slackKind.options.parse({ api: slack.api, token: slack.token, channel: slack.channel, lookEvery: '20ms', ...changed });
  const channel = await slackKind.open('oncall-slack', given, { clock: systemClock, signal });
  return {
    slack,
    channel,
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await slack.stop();
    },
  };
}

async function arrivals(channel: Channel): Promise<readonly unknown[]> {
  await new Promise((resolve) => setTimeout(resolve, channel.readBackEveryMs));
  return channel.readBack(nonce, signal);
}

describe('a Slack channel', () => {
  test('reads back what it sent, character for character', async () => {
    await using stack = await opened();
    expect(await stack.channel.send(message, signal)).toMatchObject({ accepted: true, answer: 'ok' });
    expect(await arrivals(stack.channel)).toMatchObject([
      { place: 'C0ACCUBOOKS', seenByPeople: true, excerpt: `${message.subject} ${message.text}`, hops: [{ hop: 'posted in Slack' }] },
    ]);
  });

  test('does not find what was taken and lost, went elsewhere or lost its token', async () => {
    await using stack = await opened();
    for (const kind of ['drop', 'misdeliver', 'garble'] as const) {
      stack.slack.behave({ kind });
      expect(await stack.channel.send(message, signal)).toMatchObject({ accepted: true });
    }
    expect(await arrivals(stack.channel)).toEqual([]);
  });

  test('finds a message twice that came twice', async () => {
    await using stack = await opened();
    stack.slack.behave({ kind: 'twice' });
    await stack.channel.send(message, signal);
    expect(await arrivals(stack.channel)).toHaveLength(2);
  });

  test('says in Slack’s words, and in ours, why a message is refused', async () => {
    await using stack = await opened({}, { token: 'xoxb-wrong' });
    expect(await stack.channel.send(message, signal)).toMatchObject({
      accepted: false,
      answer: expect.stringMatching(/invalid_auth.*token/) as string,
    });
    await expect(stack.channel.readBack(nonce, signal)).rejects.toMatchObject({ code: 'channel/refused' });
  });

  test('leaves Slack alone for as long as it asks for', async () => {
    await using stack = await opened({ callsPerMinute: 1 });
    await arrivals(stack.channel);
    await expect(arrivals(stack.channel)).rejects.toMatchObject({
      code: 'channel/rate-limited',
      message: expect.stringContaining('60 s') as string,
    });
    stack.slack.behave({ kind: 'status', status: 500 });
    // Had it asked again, this would be HTTP 500.
    await expect(arrivals(stack.channel)).rejects.toMatchObject({ code: 'channel/rate-limited' });
  });

  test('asks once for everybody who waits', async () => {
    await using stack = await opened({ callsPerMinute: 1 }, { lookEvery: '10s' });
    const looks = await Promise.all(Array.from({ length: 20 }, (_, index) => stack.channel.readBack(`lp${String(index)}`, signal)));
    expect(looks.flat()).toEqual([]);
  });

  test('tells an outage from an answer', async () => {
    await using stack = await opened();
    stack.slack.behave({ kind: 'status', status: 503 });
    await expect(arrivals(stack.channel)).rejects.toMatchObject({ code: 'channel/unreachable' });
    await stack.slack.stop();
    await expect(arrivals(stack.channel)).rejects.toMatchObject({ code: 'channel/unreachable' });
  });

  test.each([
    ['reaction', 'reacted with :eyes:'],
    ['reply', 'replied'],
  ] as const)('sees that a person acknowledged it by a %s', async (acknowledgesBy, how) => {
    await using stack = await opened({ acknowledgesAfterMs: 50, acknowledgesBy });
    await stack.channel.send(message, signal);
    const seen = async () => (await stack.channel.acknowledgements?.(nonce, signal)) ?? [];
    expect(await seen()).toEqual([]);
    await waitUntil('Ada has seen it', async () => (await seen()).length > 0);
    expect(await seen()).toMatchObject([{ by: 'Ada Okafor', how }]);
  });
});

test("a robot's reaction is no person's", async () => {
  await using stack = await opened({ acknowledgesAfterMs: 0, acknowledgesBy: 'robot', callsPerMinute: 1_000 });
  await stack.channel.send(message, signal);
  const look = async () =>
    JSON.stringify(
      await (await fetch(`${stack.slack.api}/conversations.history?channel=${stack.slack.channel}&token=${stack.slack.token}`)).json(),
    );
  await waitUntil('the robot has reacted', async () => (await look()).includes('U0ROBOT'));
  await new Promise((resolve) => setTimeout(resolve, stack.channel.readBackEveryMs));
  expect(await stack.channel.acknowledgements?.(nonce, signal)).toEqual([]);
});

describe('Alertmanager', () => {
  test('reaches Slack, and is read back firing and resolved', async () => {
    await using stack = await opened({ callsPerMinute: 1_000 });
    await using alertmanager = await startAlertmanager({
      config: `
route: { receiver: slack, group_wait: 0s, group_interval: 1s, group_by: [alertname] }
receivers:
  - name: slack
    slack_configs:
      - { api_url: '${stack.slack.webhook}', channel: '#accubooks-oncall', send_resolved: true, text: '{{ template "__text_alert_list" .Alerts }}' }
`,
    });
    const labels = { alertname: 'HighLatency', liveproof_nonce: nonce };
    await alertmanager.postAlert({ labels, lastsMs: 3_000 });
    const statuses = async () =>
      (await stack.channel.readBack(nonce, signal)).map(({ status }) => status ?? 'none').toSorted((a, b) => a.localeCompare(b));
    await waitUntil('both are told', async () => (await statuses()).length === 2, { withinMs: 30_000 });
    expect(await statuses()).toEqual(['firing', 'resolved']);
  });
});
