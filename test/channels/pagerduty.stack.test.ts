import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import pagerdutyKind from '../../src/channels/pagerduty.ts';
import { startAlertmanager } from '../sandbox/alertmanager.ts';
import { ada, startPagerduty, type PagerdutyOptions, type RunningPagerduty } from '../sandbox/pagerduty.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const nonce = 'lp0123456789abcdef';
const signal = AbortSignal.timeout(60_000);
const message = { nonce, subject: `[TEST] ${nonce}`, text: 'nothing is wrong' };

async function opened(
  options: PagerdutyOptions = {},
  changed: object = {},
): Promise<{ pagerduty: RunningPagerduty; channel: Channel } & AsyncDisposable> {
  const pagerduty = await startPagerduty(options);
  const { url, routingKey, token } = pagerduty;
  const given = pagerdutyKind.options.parse({
    events: url,
    api: url,
    routingKey,
    token,
    lookEvery: '20ms',
    notifiedWithin: '300ms',
    ...changed,
  });
  const channel = await pagerdutyKind.open('oncall-pagerduty', given, { clock: systemClock, signal });
  return {
    pagerduty,
    channel,
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await pagerduty.stop();
    },
  };
}

const reached = async (channel: Channel) => (await channel.readBack(nonce, signal)).filter(({ seenByPeople }) => seenByPeople);

describe('a PagerDuty channel', () => {
  test('has delivered when the person on call was notified', async () => {
    await using stack = await opened();
    expect(await stack.channel.send(message, signal)).toMatchObject({ accepted: true, answer: 'HTTP 202: Event processed' });
    await waitUntil('somebody is notified', async () => (await reached(stack.channel)).length > 0);
    expect(await reached(stack.channel)).toMatchObject([
      {
        place: 'incident #1 of AccuBooks, notified Ada Okafor by phone',
        status: 'firing',
        excerpt: `${message.subject} | ${message.text} | ${nonce}`,
        hops: [{ hop: 'triggered' }, { hop: 'notified Ada Okafor by phone' }],
      },
    ]);
  });

  test('has not delivered when an incident wakes nobody', async () => {
    await using stack = await opened();
    stack.pagerduty.behave({ kind: 'wakes-nobody' });
    await stack.channel.send(message, signal);
    await waitUntil('the incident is there', async () => (await stack.channel.readBack(nonce, signal)).length > 0);
    expect(await stack.channel.readBack(nonce, signal)).toMatchObject([
      { seenByPeople: false, place: 'incident #1 of AccuBooks, nobody notified' },
    ]);
  });

  test('says where an incident went wrong: nobody on call, a call that fails, somebody else, another service', async () => {
    await using stack = await opened({}, { people: ['ADA@accubooks.test'], service: 'PACCUBK' });
    const placed = async (after: () => void): Promise<string> => {
      after();
      const own = { ...message, nonce: `${nonce}n${String(stack.pagerduty.incidents().length)}` };
      await stack.channel.send(own, signal);
      const found = async () => (await stack.channel.readBack(own.nonce, signal))[0];
      const arrival = await waitUntil('the incident is there', found);
      expect(arrival.seenByPeople).toBe(false);
      return arrival.place;
    };
    expect(await placed(() => stack.pagerduty.setOnCall([]))).toBe('incident #1 of AccuBooks, nobody notified');
    stack.pagerduty.setOnCall([ada]);
    expect(await placed(() => stack.pagerduty.behave({ kind: 'call-fails' }))).toBe('incident #2 of AccuBooks, nobody notified');
    expect(await placed(() => stack.pagerduty.behave({ kind: 'wakes-somebody-else' }))).toBe(
      'incident #3 of AccuBooks, only Mary Adeyemi notified',
    );
    expect(await placed(() => stack.pagerduty.behave({ kind: 'misdeliver' }))).toBe(
      'incident #4 of Coffee machine (another service), only Mary Adeyemi notified',
    );
  });

  test('finds nothing of what was lost, two of what was doubled, and shows what was garbled', async () => {
    await using stack = await opened();
    const found = async (kind: 'drop' | 'twice' | 'garble', count: number) => {
      stack.pagerduty.behave({ kind });
      const own = { ...message, nonce: `${nonce}${kind}` };
      await stack.channel.send(own, signal);
      const look = async () => (await stack.channel.readBack(own.nonce, signal)).filter(({ seenByPeople }) => seenByPeople);
      return waitUntil(`${String(count)} arrivals`, async () => ((await look()).length === count ? look() : undefined));
    };
    expect(await found('drop', 0)).toEqual([]);
    expect(await found('twice', 2)).toMatchObject([{ excerpt: expect.stringContaining(message.text) as string }, {}]);
    expect((await found('garble', 1))[0]?.excerpt).not.toContain(message.text);
  });

  test('arrives late when it is opened late', async () => {
    await using stack = await opened();
    stack.pagerduty.behave({ kind: 'delay', ms: 300 });
    await stack.channel.send(message, signal);
    expect(await stack.channel.readBack(nonce, signal)).toEqual([]);
    await waitUntil('somebody is notified', async () => (await reached(stack.channel)).length > 0);
  });

  test('is left alone when it asks for it, each API by itself, and answers that pass by themselves are told apart', async () => {
    await using stack = await opened();
    stack.pagerduty.behave({ kind: 'status', status: 429, retryAfterS: 60, times: 1, of: 'rest' });
    await stack.channel.send(message, signal);
    await expect(stack.channel.readBack(nonce, signal)).rejects.toMatchObject({
      code: 'channel/rate-limited',
      message: expect.stringContaining('60 s') as string,
    });
    await expect(stack.channel.readBack(nonce, signal)).rejects.toMatchObject({ code: 'channel/rate-limited' });
    stack.pagerduty.behave({ kind: 'status', status: 500 });
    expect(await stack.channel.send(message, signal)).toMatchObject({ accepted: false, answer: 'HTTP 500: Internal error' });
    await using other = await opened();
    other.pagerduty.behave({ kind: 'status', status: 500 });
    await expect(other.channel.readBack(nonce, signal)).rejects.toMatchObject({ code: 'channel/unreachable' });
  });

  test('knows who acknowledged, and when', async () => {
    await using stack = await opened({ acknowledgesAfterMs: 50 });
    await stack.channel.send(message, signal);
    const seen = async () => (await stack.channel.acknowledgements?.(nonce, signal)) ?? [];
    await waitUntil('Ada acknowledges', async () => (await seen()).length > 0);
    expect(await seen()).toMatchObject([{ by: 'Ada Okafor', how: 'acknowledged the incident by phone' }]);
  });

  test('says why it is refused, by either API', async () => {
    await using stack = await opened({}, { routingKey: 'R0WRONG'.padEnd(32, '0'), token: 'wrong' });
    expect(await stack.channel.send(message, signal)).toMatchObject({
      accepted: false,
      answer: expect.stringContaining('Invalid routing key') as string,
    });
    await expect(stack.channel.readBack(nonce, signal)).rejects.toMatchObject({ code: 'channel/refused' });
  });

  test('leaves nobody paged for a test', async () => {
    await using stack = await opened();
    await stack.channel.send(message, signal);
    await stack.channel.close();
    expect(stack.pagerduty.incidents()).toMatchObject([{ status: 'resolved' }]);
  });
});

describe('Alertmanager', () => {
  test('makes an incident in which the token of an alert is found, and resolves it', async () => {
    await using stack = await opened();
    const { url, routingKey } = stack.pagerduty;
    await using alertmanager = await startAlertmanager({
      config: `
route: { receiver: oncall, group_wait: 0s, group_interval: 1s, group_by: [alertname] }
receivers:
  - name: oncall
    pagerduty_configs: [{ routing_key: ${routingKey}, url: '${url}/v2/enqueue', send_resolved: true }]
`,
    });
    await alertmanager.postAlert({ labels: { alertname: 'HighLatency', liveproof_nonce: nonce }, lastsMs: 3_000 });
    const statuses = async () => (await reached(stack.channel)).map(({ status }) => status);
    await waitUntil('it is resolved', async () => (await statuses()).includes('resolved'), { withinMs: 30_000 });
    expect(await statuses()).toEqual(['firing', 'resolved']);
  });

  test('adds an alert to the incident that its group already has, of which nobody is notified anew', async () => {
    await using stack = await opened({ acknowledgesAfterMs: 20 });
    const { url, routingKey } = stack.pagerduty;
    await using alertmanager = await startAlertmanager({
      config: `
route: { receiver: oncall, group_wait: 0s, group_interval: 1s, group_by: [alertname] }
receivers:
  - name: oncall
    pagerduty_configs: [{ routing_key: ${routingKey}, url: '${url}/v2/enqueue', send_resolved: true }]
`,
    });
    await alertmanager.postAlert({ labels: { alertname: 'HighLatency', instance: 'real' } });
    await waitUntil('Ada works on the real one', () => stack.pagerduty.incidents()[0]?.status === 'acknowledged');
    await waitUntil(
      'a second has passed, since PagerDuty tells whole ones',
      () => Date.now() - Date.parse(stack.pagerduty.incidents()[0]?.changedAt ?? '') > 1_000,
    );
    await alertmanager.postAlert({ labels: { alertname: 'HighLatency', liveproof_nonce: nonce }, lastsMs: 3_000 });
    const [found] = await waitUntil('it is found', async () => {
      const arrivals = await stack.channel.readBack(nonce, signal);
      return arrivals.length > 0 && arrivals;
    });
    expect(found).toMatchObject({ seenByPeople: false, status: 'firing', place: 'incident #1 of AccuBooks, nobody notified' });
    expect(await stack.channel.acknowledgements?.(nonce, signal)).toEqual([]);
    const statuses = async () => (await stack.channel.readBack(nonce, signal)).map(({ status }) => status);
    await waitUntil('it is over while the real one is not', async () => (await statuses()).includes('resolved'), { withinMs: 30_000 });
    expect(stack.pagerduty.incidents()).toMatchObject([{ status: 'acknowledged' }]);
  });
});
