import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { renderMonitoring, shortDurations, type MonitoringOptions } from './monitoring.ts';

const values = {
  APP_ADDRESS: '127.0.0.1:1',
  ALERTMANAGER_ADDRESSES: '127.0.0.1:2',
  BLACKBOX_ADDRESS: '127.0.0.1:5',
  REPLICA: 'a',
  SLACK_WEBHOOK_URL: 'http://127.0.0.1:6/services/x',
  PAGERDUTY_EVENTS_URL: 'http://127.0.0.1:7/v2/enqueue',
  PAGERDUTY_KEY: 'R0KEY',
  PHONE_BRIDGE_URL: 'http://127.0.0.1:8/alerts',
  DEAD_MAN_URL: 'http://127.0.0.1:9/ping',
  RULES_FILE: 'alerts.yml',
  SMTP_ADDRESS: '127.0.0.1:3',
  WEBHOOK_URL: 'http://127.0.0.1:4/alerts',
};
const asWritten: MonitoringOptions = { monitoring: 'as-written', durations: {}, values, sabotage: {} };
const source = async (file: string): Promise<string> =>
  await readFile(new URL(`../../systems/accubooks/monitoring/as-written/${file}`, import.meta.url), 'utf8');

test('without shortening, the guide’s rules run word for word, and its scrape configuration only learns addresses', async () => {
  const { rules, prometheusConfig } = await renderMonitoring(asWritten);
  expect(rules).toBe(await source('alerts.yml'));
  expect(prometheusConfig.startsWith((await source('prometheus.yml')).replace('localhost:3000', '127.0.0.1:1'))).toBe(true);
});

test('shortening changes durations and nothing else', async () => {
  const { rules } = await renderMonitoring({ ...asWritten, durations: shortDurations });
  const lengthened = rules.replaceAll('for: 4s', 'for: 5m').replaceAll('[10s]', '[5m]').replaceAll('interval: 1s', 'interval: 30s');
  expect(lengthened).toBe(await source('alerts.yml'));
  expect(rules).not.toBe(await source('alerts.yml'));
});

test('no duration of the repaired set-up that a run waits for is left long', async () => {
  const files = await renderMonitoring({ ...asWritten, monitoring: 'repaired', durations: shortDurations });
  const waited = [files.prometheusConfig, files.rules, files.alertmanagerConfig].join('\n');
  expect(
    waited.match(/(?:scrape_interval|evaluation_interval|\binterval|for|group_wait|group_interval): \d+(?:m|\ds)|\[\d+m\]/g),
  ).toBeNull();
});

test('a word is replaced whole or not at all, and the longer text wins', async () => {
  const durations = { 'interval: 15s': 'interval: 2s', 'scrape_interval: 15s': 'scrape_interval: 1s' };
  const { prometheusConfig } = await renderMonitoring({ ...asWritten, durations });
  expect(prometheusConfig).toContain('scrape_interval: 1s');
  const { prometheusConfig: untouched } = await renderMonitoring({ ...asWritten, durations: { 'interval: 15s': 'interval: 2s' } });
  expect(untouched).toContain('scrape_interval: 15s');
});

test('a placeholder without a value, and a sabotage that changes nothing, are errors', async () => {
  await expect(renderMonitoring({ ...asWritten, values: {} })).rejects.toThrow('nothing to put in place of ${APP_ADDRESS}');
  await expect(renderMonitoring({ ...asWritten, sabotage: { rules: (text) => text } })).rejects.toThrow(
    'the sabotage of alerts.yml changes nothing',
  );
});
