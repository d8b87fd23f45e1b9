import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readClocks } from '../../src/stack/clocks.ts';
import { parseExposition } from '../../src/stack/exposition.ts';
import { connectPrometheus, type Prometheus } from '../../src/stack/prometheus.ts';
import { startExporter } from '../sandbox/exporter.ts';
import { startPrometheus } from '../sandbox/prometheus.ts';

const signal = AbortSignal.timeout(60_000);
const stack = new AsyncDisposableStack();
let prometheus: Prometheus;

beforeAll(async () => {
  const exporter = stack.use(await startExporter('# TYPE depth gauge\ndepth{queue="a"} 3\ndepth{queue="b"} NaN\n'));
  const running = stack.use(
    await startPrometheus({
      config: `rule_files: [rules.yml]
scrape_configs: [{ job_name: app, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'] }] }]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1'] }] }] }
`,
      rules: {
        'rules.yml': `groups:
- name: depth
  interval: 1s
  rules:
  - { alert: Deep, expr: 'depth>2', for: 1m30s, labels: { severity: high }, annotations: { summary: 'depth {{ $value }}' } }
  - { record: depth:sum, expr: sum(depth) }
`,
      },
      flags: ['--storage.tsdb.retention.time=30d', '--storage.tsdb.retention.size=512MB'],
    }),
  );
  await running.waitForScrapes(3);
  await running.waitForRules();
  prometheus = connectPrometheus({ name: 'Prometheus', url: running.url });
});
afterAll(async () => await stack.disposeAsync());

test('a real server answers every question of the interface', async () => {
  expect(await prometheus.version(signal)).toMatch(/^\d+\.\d+\.\d+/);
  expect(await prometheus.targets(signal)).toMatchObject([
    { labels: { job: 'app' }, scrapePool: 'app', health: 'up', lastError: '', scrapeIntervalMs: 1000 },
  ]);
  expect(await prometheus.metricTypes('depth', signal)).toEqual(['gauge']);
  expect(await prometheus.formatQuery('depth>2', signal)).toBe('depth > 2');
  expect(await prometheus.activeAlertmanagers(signal)).toEqual(['http://127.0.0.1:1/api/v2/alerts']);
  expect(await prometheus.storage(signal)).toMatchObject({
    retention: '30d or 512MiB',
    reloadConfigSuccess: true,
    flags: { 'storage.tsdb.retention.time': '30d' },
  });
});

test('its alerting rules come with their active alerts, and recording rules are left out', async () => {
  expect(await prometheus.alertingRules(signal)).toMatchObject([
    {
      group: 'depth',
      groupIntervalMs: 1_000,
      name: 'Deep',
      query: 'depth > 2',
      forMs: 90_000,
      labels: { severity: 'high' },
      state: 'pending',
      health: 'ok',
      alerts: [{ labels: { alertname: 'Deep', queue: 'a' }, annotations: { summary: 'depth 3' }, state: 'pending' }],
    },
  ]);
});

test('raw samples carry the times of their scrapes; an instant query that of its evaluation, whatever the age of the sample', async () => {
  const raw = await prometheus.rawSamples('depth{queue="a"}', 10_000, signal);
  const times = raw[0]?.samples.map(([time]) => time) ?? [];
  expect(times.length).toBeGreaterThan(1);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const [first, second] = [
    await prometheus.instant('depth{queue="a"} offset 5s or depth', signal),
    await prometheus.instant('depth', signal),
  ];
  expect(first[0]?.samples[0]?.[0]).toBeGreaterThanOrEqual(times.at(-1) ?? Infinity);
  expect(Object.fromEntries(second.map(({ labels, samples }) => [labels['queue'], samples[0]?.[1]]))).toEqual({ a: 3, b: 'NaN' });
});

test('its clock is ours on the same machine, to a few seconds', async () => {
  const { oursMs, prometheusMs } = await readClocks(prometheus, systemClock, signal);
  expect(Math.abs(oursMs - prometheusMs)).toBeLessThan(10_000);
});

test('every line of its own metrics page can be read', async () => {
  const { families, malformed } = parseExposition(await prometheus.ownMetrics(signal));
  expect(malformed).toEqual([]);
  expect(families.find(({ name }) => name === 'prometheus_tsdb_head_samples_appended_total')?.type).toBe('counter');
});
