import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openJournal } from '../../../../src/gate/journal.ts';
import type { ProofContext } from '../../../../src/gate/proof.ts';
import { holdUntilNoted } from '../../../../src/proofs/alert/delivered/hold.ts';
import { observeRouted } from '../../../../src/proofs/alert/routed/observe.ts';
import { connectAlertmanager } from '../../../../src/stack/alertmanager.ts';
import type { Prometheus, Series } from '../../../../src/stack/prometheus.ts';
import { clusterOfTwo, startAlertmanager, type RunningAlertmanager } from '../../../sandbox/alertmanager.ts';
import { ask, askJson } from '../../../sandbox/ask.ts';
import { waitUntil } from '../../../sandbox/wait-until.ts';
import { contextWith } from '../../context.ts';
import { nonce, rule } from '../recorded.ts';

const intervalMs = 2_000;
const config = (webhook: string) => `
route:
  receiver: hook
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
receivers: [{ name: hook, webhook_configs: [{ url: '${webhook}', send_resolved: true }] }]
`;
const realOne = { alertname: 'HighErrorRate', severity: 'critical', instance: 'a' };

it('a test alert is told as over by a cluster whose second member still told the end of a real alert when it came', async () => {
  await using hook = await startHook();
  const [one, other] = await clusterOfTwo();
  // Names in a cluster are given by the time of the start, and the first in their order tells first.
  await using first = await startAlertmanager({ config: config(hook.url), cluster: one });
  await using second = await startAlertmanager({ config: config(hook.url), cluster: other });
  await waitUntil('the two are a cluster', async () => (await isReady(first)) && (await isReady(second)));

  // Each member tells its group at times of its own, here 1 s apart.
  const startsAt = new Date().toISOString();
  await post(first, startsAt, 600_000);
  await sleep(1_950);
  await post(second, startsAt, 600_000);
  const firing = await waitUntil('the real alert is told', () => hook.toldAt('a', 'firing'));
  const firstsTurn = firing + 2 * intervalMs;
  await sleep(firstsTurn - 1_000 - Date.now());
  const sees = Promise.withResolvers<void>();
  const context = contextOf([first, second], () => sees.resolve());
  const proving = observeRouted(rule(), 600_000, context, async (posted, _alertmanager, sincePostedMs) => {
    await waitUntil('the test alert is told', () => hook.toldAt(nonce, 'firing'));
    await holdUntilNoted(rule().name, posted, context, sincePostedMs);
  });
  // The real one is active, and in a moment it is over: the first tells that at once, the second later.
  await sees.promise;
  for (const each of [first, second]) await post(each, startsAt, 1);
  await proving;
  await waitUntil('the end of the test alert is told', () => hook.toldAt(nonce, 'resolved'));
  expect(hook.toldAt('a', 'resolved')).toBeDefined();
}, 120_000);

/** A webhook that notes when it was told what. */
async function startHook(): Promise<AsyncDisposable & { readonly url: string; toldAt(token: string, status: string): number | undefined }> {
  const told: { readonly at: number; readonly alerts: readonly Told[] }[] = [];
  const server = createServer((asked, answer) => {
    void json(asked).then((body) => {
      told.push({ at: Date.now(), alerts: (body as { alerts: Told[] }).alerts });
      answer.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    toldAt: (token, status) =>
      told.find(({ alerts }) => alerts.some((each) => each.status === status && Object.values(each.labels).includes(token)))?.at,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

interface Told {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function isReady({ url }: RunningAlertmanager): Promise<boolean> {
  const { cluster } = await askJson<{ cluster: { status: string; peers: readonly unknown[] } }>('GET', `${url}/api/v2/status`);
  return cluster.status === 'ready' && cluster.peers.length === 2;
}

async function post({ url }: RunningAlertmanager, startsAt: string, lastsMs: number): Promise<void> {
  const endsAt = new Date(Date.parse(startsAt) + lastsMs).toISOString();
  await ask('POST', `${url}/api/v2/alerts`, [{ labels: realOne, startsAt, endsAt }]);
}

function contextOf(cluster: readonly [RunningAlertmanager, RunningAlertmanager], progress: () => void): ProofContext {
  const [first, second] = cluster.map(({ url }) => connectAlertmanager({ name: 'Alertmanager', url }));
  if (first === undefined || second === undefined) throw new Error('a cluster of two has two');
  const fired: Series = { labels: realOne, samples: [[Date.now(), 1]] };
  return contextWith({
    grade: 'delivered',
    signal: AbortSignal.timeout(100_000),
    nonce,
    progress,
    effects: openJournal(() => undefined),
    prometheus: () => ({ rawSamples: () => Promise.resolve([fired]) }) as unknown as Prometheus,
    alertmanager: () => first,
    alertmanagers: () => [first, second],
  });
}
