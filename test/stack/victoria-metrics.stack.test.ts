import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readClocks } from '../../src/stack/clocks.ts';
import { parseExposition } from '../../src/stack/exposition.ts';
import { connectPrometheus, type Prometheus } from '../../src/stack/prometheus.ts';
import { victoriaMetricsOn } from '../../src/stack/victoria-metrics.ts';
import { startAlertmanager } from '../sandbox/alertmanager.ts';
import { startExporter } from '../sandbox/exporter.ts';
import { isAlive } from '../sandbox/process-tree.ts';
import { startVictoriaMetrics, type RunningVictoriaMetrics } from '../sandbox/victoria-metrics.ts';

const signal = AbortSignal.timeout(110_000);
const stack = new AsyncDisposableStack();
let running: RunningVictoriaMetrics;
let alertmanagerUrl: string;
/** Asked for everything, as it passes questions for rules on to vmalert. */
let alone: Prometheus;
/** With vmalert named beside it. */
let both: Prometheus;

const rules = `groups:
- name: depth
  interval: 1s
  rules:
  - { alert: Deep, expr: 'sum(depth)by(queue)>2', for: 1m30s, labels: { severity: high }, annotations: { summary: 'depth {{ $value }}' } }
  - { record: depth:sum, expr: sum(depth) }
`;

beforeAll(async () => {
  const exporter = stack.use(await startExporter('# TYPE depth gauge\ndepth{queue="a"} 3\ndepth{queue="b"} 1\n'));
  const alertmanager = stack.use(await startAlertmanager({ config: 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n' }));
  alertmanagerUrl = alertmanager.url;
  running = stack.use(
    await startVictoriaMetrics({
      config: `scrape_configs:
- { job_name: app, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'] }] }
- { job_name: slow, scrape_interval: 90s, static_configs: [{ targets: ['127.0.0.1:1'] }] }
`,
      rules,
      alertmanager: alertmanager.url,
      flags: ['-retentionPeriod=30d', '-search.latencyOffset=1s'],
    }),
  );
  alone = connectPrometheus({ name: 'VictoriaMetrics', url: running.url });
  both = connectPrometheus({ name: 'VictoriaMetrics', url: running.url }, { name: 'vmalert', url: running.vmalertUrl });
});
afterAll(async () => await stack.disposeAsync());

test('its targets tell the interval, and one that was not scraped yet is neither up nor down', async () => {
  const targets = await alone.targets(signal);
  expect(targets.find(({ scrapePool }) => scrapePool === 'app')).toMatchObject({ labels: { job: 'app' }, scrapeIntervalMs: 1_000 });
  const slow = targets.find(({ scrapePool }) => scrapePool === 'slow');
  expect(slow?.scrapeIntervalMs).toBe(90_000);
  expect(slow?.lastError === '' ? slow.health : 'unknown').toBe('unknown');
});

test('raw samples have the times of their scrapes, and an instant query sees the latest one', async () => {
  await expect
    .poll(async () => (await alone.rawSamples('depth{queue="a"}', 10_000, signal))[0]?.samples.length, { timeout: 20_000 })
    .toBeGreaterThan(3);
  const [raw] = await alone.rawSamples('depth{queue="a"}', 10_000, signal);
  const times = raw?.samples.map(([time]) => time) ?? [];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((await alone.instant('depth{queue="a"}', signal))[0]?.samples[0]?.[1]).toBe(3);
  const clocks = await readClocks(alone, systemClock, signal);
  expect(Math.abs(clocks.oursMs - clocks.prometheusMs)).toBeLessThan(10_000);
});

test('rules are those of vmalert, asked directly or through VictoriaMetrics, with the group that it puts on every alert', async () => {
  await expect.poll(async () => (await alone.alertingRules(signal))[0]?.alerts.length, { timeout: 20_000 }).toBe(1);
  const expected = [
    {
      group: 'depth',
      groupIntervalMs: 1_000,
      name: 'Deep',
      query: 'sum(depth)by(queue)>2',
      forMs: 90_000,
      labels: { severity: 'high', alertgroup: 'depth' },
      state: 'pending',
      health: 'ok',
      alerts: [{ labels: { alertname: 'Deep', alertgroup: 'depth', queue: 'a' }, annotations: { summary: 'depth 3' }, state: 'pending' }],
    },
  ];
  expect(await alone.alertingRules(signal)).toMatchObject(expected);
  expect(await both.alertingRules(signal)).toMatchObject(expected);
});

test('the Alertmanager is told by vmalert, and by nobody when vmalert is asked through VictoriaMetrics', async () => {
  expect(await both.activeAlertmanagers(signal)).toEqual([`${alertmanagerUrl}/api/v2/alerts`]);
  expect(await alone.activeAlertmanagers(signal)).toBeUndefined();
});

test('what it has not is told, or taken as it is given', async () => {
  expect(await alone.version(signal)).toBe('');
  expect(await alone.metricTypes('depth', signal)).toEqual([]);
  expect(await alone.formatQuery('depth>2', signal)).toBe('depth>2');
  await expect(alone.storage(signal)).rejects.toMatchObject({
    code: 'stack/unexpected-answer',
    message: expect.stringContaining('VictoriaMetrics') as string,
  });
});

test('every line of its own page can be read, its flags among them', async () => {
  const page = parseExposition(await alone.ownMetrics(signal));
  expect(page.malformed).toEqual([]);
  expect(victoriaMetricsOn(page)?.flags).toMatchObject({ retentionPeriod: '30d', 'search.latencyOffset': '1s' });
});

test('rules that vmalert refuses are an error, and both processes are gone after stop', async () => {
  await expect(running.reloadRules('groups: [{ name: x, rules: [{ alert: X, expr: "depth >" }] }]')).rejects.toThrow(
    'vmalert refused the rules',
  );
  await running.stop();
  expect(running.pids.map(isAlive)).toEqual([false, false]);
});
