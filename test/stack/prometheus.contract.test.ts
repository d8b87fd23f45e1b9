import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { connectPrometheus, type Prometheus } from '../../src/stack/prometheus.ts';
import { serveHttp } from '../probes/loopback.ts';

const signal = AbortSignal.timeout(20_000);
const place = { file: 'gates/shop/gate.yaml', line: 3, column: 22, length: 21, source: "  prometheus: { url: 'http://…' }" };

/** What Prometheus 2.42 really answered. */
function recorded(name: string): string {
  return readFileSync(new URL(`prometheus/answers-2.42/${name}.json`, import.meta.url), 'utf8');
}

/** A server that answers every question with this text, and writes the questions down. */
async function answering(answer: string | ((asked: URL) => string), status = 200) {
  const questions: IncomingMessage[] = [];
  const server = await serveHttp((asked: IncomingMessage, response: ServerResponse) => {
    questions.push(asked);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : answer(new URL(asked.url ?? '/', 'http://any')));
  });
  return {
    questions,
    url: server.url,
    prometheus: connectPrometheus({ name: 'Prometheus', url: server.url, place }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Fault)) throw new Error(`not a fault: ${String(error)}`);
  return error;
}

test('targets have labels, pool, health, last error and interval', async () => {
  await using server = await answering(recorded('targets'));
  expect(await server.prometheus.targets(signal)).toMatchObject([
    {
      labels: { instance: '127.0.0.1:19300', job: 'app' },
      scrapePool: 'app',
      scrapeUrl: 'http://127.0.0.1:19300/metrics',
      health: 'up',
      lastError: '',
      scrapeIntervalMs: 1000,
    },
    { labels: { job: 'down' }, health: 'down', lastError: expect.stringContaining('connection refused') as string },
  ]);
});

test('a target without an interval, as of a server before 2.24, has none', async () => {
  const old = recorded('targets').replaceAll(/"(?:scrapeInterval|__scrape_interval__)": ?"1s",/g, '');
  await using server = await answering(old);
  expect((await server.prometheus.targets(signal))[0]?.scrapeIntervalMs).toBeUndefined();
});

test('alerting rules have times in milliseconds, active alerts and their group', async () => {
  await using server = await answering(recorded('rules'));
  const [up, never, bad] = await server.prometheus.alertingRules(signal);
  expect(up).toMatchObject({
    group: 'g1',
    groupIntervalMs: 1000,
    name: 'Up',
    query: 'up{job="app"} == 1',
    forMs: 1000,
    keepFiringForMs: 0,
    state: 'firing',
    health: 'ok',
    lastError: '',
  });
  expect(up?.alerts).toMatchObject([
    { labels: { alertname: 'Up', severity: 'a' }, annotations: { summary: 'x 1' }, state: 'firing', value: '1e+00' },
  ]);
  expect(never).toMatchObject({ group: 'g2', forMs: 300_000, health: 'unknown', alerts: [] });
  expect(bad?.name).toBe('Bad');
});

test('rules are read page after page until no next one is named', async () => {
  const groups = (JSON.parse(recorded('rules')) as { data: { groups: unknown[] } }).data.groups;
  await using server = await answering(({ searchParams }) => {
    const second = searchParams.get('group_next_token') === 'g2 & more';
    return JSON.stringify({ status: 'success', data: { groups: [groups[second ? 1 : 0]], groupNextToken: second ? '' : 'g2 & more' } });
  });
  expect((await server.prometheus.alertingRules(signal)).map(({ name }) => name)).toEqual(['Up', 'Never', 'Bad']);
  expect(server.questions.map(({ url }) => url)).toEqual([
    '/api/v1/rules?type=alert&group_limit=200',
    '/api/v1/rules?type=alert&group_limit=200&group_next_token=g2%20%26%20more',
  ]);
});

test('a server that names the same page for ever is a fault, not an endless loop', async () => {
  await using server = await answering('{"status":"success","data":{"groups":[],"groupNextToken":"again"}}');
  expect(await faultOf(server.prometheus.alertingRules(signal))).toMatchObject({
    code: 'stack/unexpected-answer',
    message: expect.stringContaining('again and again') as string,
  });
});

test('values that JSON cannot hold stay text, and times become milliseconds', async () => {
  await using vector = await answering(recorded('vector'));
  expect((await vector.prometheus.instant('weird', signal)).map(({ labels, samples }) => [labels['a'], samples[0]?.[1]])).toEqual([
    ['inf', '+Inf'],
    ['q"b\\c\nd', 'NaN'],
  ]);
  await using matrix = await answering(recorded('matrix'));
  const [series] = await matrix.prometheus.rawSamples('weird', 90_500, signal);
  expect(series?.samples.map(([time]) => Number.isInteger(time))).toContain(true);
  expect(new URL(matrix.questions[0]?.url ?? '', 'http://any').searchParams.get('query')).toBe('weird[1m30s500ms]');
});

test('a scalar is one series without labels', async () => {
  await using server = await answering(recorded('scalar'));
  const [now] = await server.prometheus.instant('time()', signal);
  expect(now?.labels).toEqual({});
  expect(now?.samples[0]?.[1]).toBeCloseTo((now?.samples[0]?.[0] ?? 0) / 1000, 3);
});

test('a native histogram is a series without plain samples', async () => {
  const answer =
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"h"},"histograms":[[1795223395.2,{"count":"1","sum":"2"}]]}]}}';
  await using server = await answering(answer);
  expect(await server.prometheus.rawSamples('h', 1_000, signal)).toEqual([{ labels: { __name__: 'h' }, samples: [] }]);
});

test.each<[string, (prometheus: Prometheus) => Promise<unknown>, unknown]>([
  ['buildinfo', (prometheus) => prometheus.version(signal), '2.42.0+ds'],
  ['alertmanagers', (prometheus) => prometheus.activeAlertmanagers(signal), ['http://127.0.0.1:19398/api/v2/alerts']],
  ['metadata', (prometheus) => prometheus.metricTypes('http_request_duration_ms', signal), ['histogram']],
  ['metadata', (prometheus) => prometheus.metricTypes('another', signal), []],
  ['format_query', (prometheus) => prometheus.formatQuery('sum(rate(x[5m]))>1', signal), 'sum(rate(x[5m])) > 1'],
])('%s gives what the interface promises', async (name, ask, expected) => {
  await using server = await answering(recorded(name));
  expect(await ask(server.prometheus)).toEqual(expected);
});

test('storage joins runtime information and flags', async () => {
  await using server = await answering(({ pathname }) => recorded(pathname.endsWith('flags') ? 'flags' : 'runtimeinfo'));
  const storage = await server.prometheus.storage(signal);
  expect(storage).toMatchObject({ retention: '15d', reloadConfigSuccess: true });
  expect(storage.flags['storage.tsdb.retention.time']).toBe('0s');
});

test("a query that the server refuses is a fault with the server's own words", async () => {
  await using server = await answering(recorded('bad_query'), 400);
  const fault = await faultOf(server.prometheus.instant('up[3s', signal));
  expect(fault).toMatchObject({ code: 'stack/unexpected-answer', place });
  expect(fault.message).toContain('HTTP 400: invalid parameter "query": 1:6: parse error: unclosed left bracket');
});

test('an answer that lacks something says what, and stands where the gate names the server', async () => {
  await using server = await answering(recorded('targets').replaceAll('"health"', '"wellness"'));
  const fault = await faultOf(server.prometheus.targets(signal));
  expect(fault).toMatchObject({
    code: 'stack/unexpected-answer',
    place,
    hint: 'is Prometheus at this address a Prometheus, and of a version that we know?',
  });
  expect(fault.message).toContain('GET /api/v1/targets?state=active');
  expect(fault.message).toContain('data.activeTargets[0].health: Invalid input: expected string');
});

test.each([
  ['{"status":"success"}', 'data: Invalid input'],
  ['[]', 'the answer: Invalid input: expected object'],
  ['', 'the answer: Invalid input: expected object'],
  ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"many"]}]}}', '"many" is not a sample value'],
  ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,""]}]}}', '"" is not a sample value'],
  ['<html>Sign in</html>', 'something that is not JSON: <html>Sign in</html>'],
])('the answer %j is a fault', async (answer, says) => {
  await using server = await answering(answer);
  const fault = await faultOf(server.prometheus.instant('up', signal));
  expect(fault).toMatchObject({ code: 'stack/unexpected-answer', place });
  expect(fault.message).toContain(says);
});

test('every question carries the token, and being refused is a fault with a hint', async () => {
  await using server = await answering('Unauthorized', 401);
  const without = await faultOf(server.prometheus.targets(signal));
  expect(without).toMatchObject({ code: 'stack/unauthorized', place, message: `Prometheus at ${server.url} refused us with HTTP 401` });
  expect(without.hint).toContain('give it a token');
  const withToken = connectPrometheus({ name: 'Prometheus', url: server.url, token: 'wrong-token-1', place });
  const fault = await faultOf(withToken.targets(signal));
  expect(fault).toMatchObject({ code: 'stack/unauthorized', place, hint: 'is the token still the right one, and may it read?' });
  expect(fault.message).not.toContain('wrong-token-1');
  expect(server.questions.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer wrong-token-1']);
});
