import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { shortDurations, startAccubooksStack, type AccubooksStack } from './accubooks-stack.ts';
import { ask, askJson } from './ask.ts';
import { findMail } from './mailbox.ts';
import { processTree } from './process-tree.ts';
import { waitUntil } from './wait-until.ts';

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly duration: number;
  readonly health: string;
  readonly state: string;
}

async function rulesOf({ variables }: AccubooksStack): Promise<readonly Rule[]> {
  const { data } = await askJson<{ data: { groups: { rules: Rule[] }[] } }>('GET', `${variables['PROMETHEUS_URL'] ?? ''}/api/v1/rules`);
  return data.groups.flatMap(({ rules }) => rules);
}

async function retentionOf({ prometheus }: AccubooksStack): Promise<string> {
  const { data } = await askJson<{ data: { storageRetention: string } }>('GET', `${prometheus.url}/api/v1/status/runtimeinfo`);
  return data.storageRetention;
}

async function valueOf({ prometheus }: AccubooksStack, query: string): Promise<number> {
  const url = `${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = await askJson<{ data: { result: { value: [number, string] }[] } }>('GET', url);
  return Number(data.result[0]?.value[1]);
}

const short = { durations: shortDurations };

test('the stack as the guide writes it is alive and keeps the guide’s expressions; loading the repaired one changes rules and retention', async () => {
  await using stack = await startAccubooksStack({ monitoring: 'as-written', ...short });
  expect(await valueOf(stack, 'up{job="accubooks"}')).toBe(1);
  await waitUntil('users make requests', async () => (await valueOf(stack, 'sum(rate(http_requests_total[5s]))')) > 1);
  const written = await rulesOf(stack);
  expect(written.map(({ name, health, duration }) => ({ name, health, duration }))).toEqual([
    { name: 'HighErrorRate', health: 'ok', duration: 4 },
    { name: 'DatabasePoolExhaustion', health: 'ok', duration: 4 },
    { name: 'HighLatency', health: 'ok', duration: 4 },
  ]);
  expect(written[2]?.query).toBe('histogram_quantile(0.95, http_request_duration_ms) > 1000');
  expect(await retentionOf(stack)).toBe('15d');

  await stack.load('repaired');
  const repaired = await rulesOf(stack);
  expect(repaired.find(({ name }) => name === 'HighLatency')?.query).toBe(
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[10s]))) > 1000',
  );
  expect(await retentionOf(stack)).toBe('30d');

  await stack.load('repaired', { rules: (text) => text.replace('> 0.01', '> 0.5') });
  expect((await rulesOf(stack))[0]?.query).toContain('> 0.5');
  await expect(stack.load('repaired', { rules: (text) => text.replace('not there', '') })).rejects.toThrow('changes nothing');
});

test('a fault in AccuBooks goes all the way: to the inbox, and to the webhook once somebody listens', async () => {
  await using stack = await startAccubooksStack({ monitoring: 'repaired', ...short });
  await ask('POST', `${stack.variables['ACCUBOOKS_URL'] ?? ''}/api/test/trigger-errors`, { count: 200, duration: '10s' });
  const mails = await waitUntil('the alert is in the inbox', async () => {
    const found = await findMail(stack.mail, 'HighErrorRate');
    return found.length > 0 && found;
  });
  expect(mails[0]?.source).toContain('critical');
  await waitUntil('Alertmanager was told to try the webhook again', () =>
    stack.webhookProxy.requests().some(({ status }) => status === 503),
  );

  const received: string[] = [];
  const sink = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => received.push(text));
    request.on('end', () => response.end());
  });
  const [host, port] = (stack.variables['WEBHOOK_LISTEN'] ?? '').split(':');
  sink.listen(Number(port), host);
  await waitUntil('the alert is at the webhook', () => received.join('').includes('HighErrorRate'));
  sink.close();
});

test('each part can be sabotaged at the start', async () => {
  await using stack = await startAccubooksStack({
    monitoring: 'repaired',
    ...short,
    sabotage: {
      app: { hideMetric: 'forecast_queue_depth' },
      mail: { kind: 'junk' },
      webhook: [{ kind: 'status', status: 500 }],
      prometheusConfig: (text) => text.replaceAll('scrape_interval: 1s', 'scrape_interval: 2s'),
      alertmanagerConfig: (text) => text.replace('severity="critical"]\n', 'severity="none"]\n'),
      prometheusFlags: ['--storage.tsdb.retention.time=20d'],
    },
  });
  expect(await ask('GET', `${stack.variables['ACCUBOOKS_URL'] ?? ''}/api/metrics`)).not.toContain('forecast_queue_depth');
  expect(await retentionOf(stack)).toBe('20d');
  await stack.alertmanager.postAlert({ labels: { alertname: 'Made up', severity: 'critical' } });
  await stack.alertmanager.postAlert({ labels: { alertname: 'Made up too', severity: 'high' } });
  await stack.alertmanager.postAlert({ labels: { alertname: 'Made up as well', severity: 'critical', escalate: 'true' } });
  const held = await askJson<{ labels: { alertname: string; severity: string }; receivers: { name: string }[] }[]>(
    'GET',
    `${stack.alertmanager.url}/api/v2/alerts`,
  );
  expect(held.find(({ labels }) => labels.alertname === 'Made up')?.receivers).toEqual([{ name: 'p2-monitor' }]);
  await waitUntil('the mail is in Junk', async () => (await findMail(stack.mail, 'Made up too', { folder: 'Junk' })).length === 1);
  await waitUntil('the webhook was answered with 500', () => stack.webhookProxy.requests().some(({ status }) => status === 500));
});

test('three stacks run side by side, and nothing is left of them', async () => {
  const before = processTree(process.pid);
  const stacks = await Promise.all([1, 2, 3].map(async () => await startAccubooksStack({ monitoring: 'repaired', ...short })));
  try {
    expect(
      new Set(stacks.flatMap(({ variables }) => [variables['PROMETHEUS_URL'], variables['IMAP_PORT'], variables['WEBHOOK_LISTEN']])).size,
    ).toBe(9);
    for (const stack of stacks) expect(await valueOf(stack, 'up{job="accubooks"}')).toBe(1);
  } finally {
    await Promise.all(stacks.map(async (stack) => await stack.stop()));
  }
  expect(processTree(process.pid).filter((pid) => !before.includes(pid))).toEqual([]);
});

test('a stack of which one part cannot start does not start at all', async () => {
  const before = processTree(process.pid);
  const start = startAccubooksStack({ monitoring: 'repaired', ...short, sabotage: { alertmanagerConfig: () => 'nonsense' } });
  await expect(start).rejects.toThrow('alertmanager did not start');
  expect(processTree(process.pid).filter((pid) => !before.includes(pid))).toEqual([]);
});
