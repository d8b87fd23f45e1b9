import { expect, test } from 'vitest';
import { askJson } from './ask.ts';
import { startExporter } from './exporter.ts';
import { isAlive } from './process-tree.ts';
import { startPrometheus } from './prometheus.ts';

const configFor = (address: string, interval = '1s') => `
global: { scrape_interval: ${interval}, evaluation_interval: 1s }
rule_files: ['*.rules.yml']
scrape_configs: [{ job_name: exporter, static_configs: [{ targets: ['${address}'] }] }]
`;
const ruleOf = (name: string) => `groups: [{ name: tests, rules: [{ alert: ${name}, expr: lamps > 3 }] }]`;

const loadedRules = async (url: string): Promise<string[]> => {
  const { data } = await askJson<{ data: { groups: { rules: { name: string }[] }[] } }>('GET', `${url}/api/v1/rules`);
  return data.groups.flatMap((group) => group.rules.map((rule) => rule.name));
};
const valueNow = async (url: string, query: string): Promise<string | undefined> => {
  const { data } = await askJson<{ data: { result: { value: [number, string] }[] } }>(
    'GET',
    `${url}/api/v1/query?query=${encodeURIComponent(query)}`,
  );
  return data.result[0]?.value[1];
};

test('Prometheus scrapes a target, evaluates rules, takes new rules and a new interval on reload, and is gone after stop', async () => {
  await using exporter = await startExporter('lamps 4\n');
  const prometheus = await startPrometheus({ config: configFor(exporter.address), rules: { 'a.rules.yml': ruleOf('FourLamps') } });
  await using _ = prometheus;
  await prometheus.waitForScrapes(2);
  expect(await valueNow(prometheus.url, 'lamps')).toBe('4');
  await prometheus.waitForRules();
  expect(await valueNow(prometheus.url, 'ALERTS{alertname="FourLamps",alertstate="firing"}')).toBe('1');

  await prometheus.reload({ rules: { 'b.rules.yml': ruleOf('ManyLamps') } });
  expect(await loadedRules(prometheus.url)).toEqual(['ManyLamps']);

  await using other = await startExporter('lamps 1\n');
  await prometheus.reload({ config: configFor(other.address, '2s') });
  const { data } = await askJson<{ data: { activeTargets: { scrapeUrl: string; scrapeInterval: string }[] } }>(
    'GET',
    `${prometheus.url}/api/v1/targets`,
  );
  expect(data.activeTargets.map(({ scrapeUrl, scrapeInterval }) => ({ scrapeUrl, scrapeInterval }))).toEqual([
    { scrapeUrl: `${other.url}/metrics`, scrapeInterval: '2s' },
  ]);

  const pid = prometheus.pid();
  await prometheus.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a reload that Prometheus refuses is an error, and the old rules stay in force', async () => {
  await using prometheus = await startPrometheus({ config: configFor('127.0.0.1:9'), rules: { 'a.rules.yml': ruleOf('FourLamps') } });
  await expect(
    prometheus.reload({ rules: { 'a.rules.yml': 'groups: [{ name: tests, rules: [{ alert: X, expr: "lamps >" }] }]' } }),
  ).rejects.toThrow('answered 500: failed to reload config');
  expect(await loadedRules(prometheus.url)).toEqual(['FourLamps']);
});

test('flags reach Prometheus, and a restart changes them and keeps address and data', async () => {
  const retention = async (url: string): Promise<string> =>
    (await askJson<{ data: { storageRetention: string } }>('GET', `${url}/api/v1/status/runtimeinfo`)).data.storageRetention;
  await using exporter = await startExporter('lamps 4\n');
  await using prometheus = await startPrometheus({ config: configFor(exporter.address), flags: ['--storage.tsdb.retention.time=20d'] });
  expect(await retention(prometheus.url)).toBe('20d');
  await prometheus.waitForScrapes(1);
  exporter.answerWith(500);
  await prometheus.restart({ flags: ['--storage.tsdb.retention.time=30d'] });
  expect(await retention(prometheus.url)).toBe('30d');
  expect(await valueNow(prometheus.url, 'last_over_time(lamps[5m])')).toBe('4');
});

test('a configuration that Prometheus cannot read is an error in its words', async () => {
  await expect(startPrometheus({ config: 'scrape_configs: 3' })).rejects.toThrow(/prometheus did not start[^]*cannot unmarshal/);
});
