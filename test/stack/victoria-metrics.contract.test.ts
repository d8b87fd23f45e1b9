import { expect, test } from 'vitest';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { serveHttp } from '../probes/loopback.ts';

const signal = AbortSignal.timeout(20_000);

/** A server that knows these paths; to every other it answers as VictoriaMetrics does. */
async function serving(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server = await serveHttp((request, response) => {
    const url = new URL(request.url ?? '/', 'http://any');
    asked.push(request.url ?? '');
    const key = Object.keys(answers).find((each) => each === request.url || each === url.pathname);
    const answer = key === undefined ? undefined : answers[key];
    if (answer === undefined) response.writeHead(400).end(`unsupported path requested: "${url.pathname}"`);
    else response.end(typeof answer === 'string' ? answer : JSON.stringify({ status: 'success', ...answer }));
  });
  const prometheus = connectPrometheus({ name: 'VictoriaMetrics', url: server.url });
  return { asked, prometheus, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const metricsql = { data: { resultType: 'vector', result: [{ metric: {}, value: [1_795_246_046, '1795246046.618'] }] } };

/** As vmalert 1.79 has it right after it was started. */
const rule = {
  state: 'inactive',
  name: 'Deep',
  query: 'depth>2',
  duration: 5,
  lastError: '',
  lastEvaluation: '0001-01-01T00:00:00Z',
  health: 'ok',
  type: 'alerting',
  datasourceType: 'prometheus',
};
const group = (name: string, rules: readonly unknown[]) => ({ name, file: 'rules.yml', interval: 1, rules });

test('a rule that vmalert has never evaluated is not healthy, though vmalert says so', async () => {
  const evaluated = { ...rule, name: 'Evaluated', lastEvaluation: '2026-11-21T07:27:25.48Z' };
  const broken = { ...rule, name: 'Broken', health: 'err', lastError: 'bad' };
  await using server = await serving({ '/api/v1/rules': { data: { groups: [group('depth', [rule, evaluated, broken])] } } });
  const rules = await server.prometheus.alertingRules(signal);
  expect(rules.map(({ name, health }) => [name, health])).toEqual([
    ['Deep', 'unknown'],
    ['Evaluated', 'ok'],
    ['Broken', 'err'],
  ]);
});

test('alerts of vmalert carry the name of their group, and its spelling of keep_firing_for is read', async () => {
  await using server = await serving({ '/api/v1/rules': { data: { groups: [group('depth', [{ ...rule, keep_firing_for: 30 }])] } } });
  expect(await server.prometheus.alertingRules(signal)).toMatchObject([{ labels: { alertgroup: 'depth' }, keepFiringForMs: 30_000 }]);
});

test('numbered pages of rules are all read', async () => {
  const page = (number: number) => ({ page: number, total_pages: 3, data: { groups: [group(`g${String(number)}`, [rule])] } });
  await using server = await serving({
    '/api/v1/rules?type=alert&group_limit=200': page(1),
    '/api/v1/rules?type=alert&group_limit=200&page_num=2': page(2),
    '/api/v1/rules?type=alert&group_limit=200&page_num=3': page(3),
  });
  expect((await server.prometheus.alertingRules(signal)).map((each) => each.group)).toEqual(['g1', 'g2', 'g3']);
  expect(server.asked).toHaveLength(3);
});

test('a target is neither up nor down before its first scrape, and has no interval where its original labels are dropped', async () => {
  const target = { labels: { job: 'app' }, scrapePool: 'app', scrapeUrl: 'http://a/metrics', health: 'down', lastError: '' };
  const never = { ...target, discoveredLabels: {}, lastScrape: '1970-01-01T00:00:00Z' };
  const once = { ...target, discoveredLabels: { __scrape_interval__: '1m30s' }, lastScrape: '2026-11-21T07:27:24.556Z' };
  const refused = { ...never, lastError: 'connection refused' };
  await using server = await serving({ '/api/v1/targets': { data: { activeTargets: [never, once, refused] } } });
  const targets = await server.prometheus.targets(signal);
  expect(targets.map(({ health, scrapeIntervalMs }) => [health, scrapeIntervalMs])).toEqual([
    ['unknown', undefined],
    ['down', 90_000],
    ['down', undefined],
  ]);
});

test('the notifiers that current versions of vmalert list are its Alertmanagers', async () => {
  const notifiers = [
    { kind: 'static', targets: [{ address: 'http://am-1:9093/api/v2/alerts' }] },
    { kind: 'dns', targets: null },
  ];
  await using server = await serving({ '/api/v1/query': metricsql, '/api/v1/notifiers': { data: { notifiers } } });
  expect(await server.prometheus.activeAlertmanagers(signal)).toEqual(['http://am-1:9093/api/v2/alerts']);
});

test('a vmalert without any notifier sends to nobody, which is not the same as not knowing', async () => {
  await using page = await serving({ '/api/v1/query': metricsql, '/metrics': 'vmalert_config_last_reload_successful 1\n' });
  expect(await page.prometheus.activeAlertmanagers(signal)).toEqual([]);
  await using nobody = await serving({ '/api/v1/query': metricsql, '/metrics': 'vm_app_version{short_version="v1.79.5"} 1\n' });
  expect(await nobody.prometheus.activeAlertmanagers(signal)).toBeUndefined();
});

test('what VictoriaMetrics lacks stays a fault where nothing shows that it is one', async () => {
  await using server = await serving({});
  await expect(server.prometheus.activeAlertmanagers(signal)).rejects.toMatchObject({ code: 'stack/unexpected-answer' });
  await expect(server.prometheus.formatQuery('up', signal)).rejects.toMatchObject({ code: 'stack/unexpected-answer' });
  await expect(server.prometheus.storage(signal)).rejects.toMatchObject({ message: expect.stringContaining('unsupported path') as string });
});
