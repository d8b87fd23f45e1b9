import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import promql from '../../src/probes/promql.ts';
import { startPrometheus, type RunningPrometheus } from '../sandbox/prometheus.ts';
import { freePort, serveHttp, serveSilence, serveTcp, type Loopback } from './loopback.ts';
import { runProbe } from './run-probe.ts';

const stack = new AsyncDisposableStack();
let prometheus: RunningPrometheus;
let exporter: Loopback;

beforeAll(async () => {
  exporter = stack.use(
    await serveHttp((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      const many = Array.from({ length: 30 }, (_, index) => `part_ok{part="${String(index)}"} 0`).join('\n');
      // A sample that tells its own time, three minutes ago.
      response.end(`orders_total 42\nratio NaN\nold_total 1 ${String(Date.now() - 180_000)}\n${many}\n`);
    }),
  );
  const config = `scrape_configs:\n  - job_name: app\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['127.0.0.1:${String(exporter.port)}']\n`;
  prometheus = stack.use(await startPrometheus({ config }));
  await prometheus.waitForScrapes(2);
});
afterAll(() => stack.disposeAsync());

const ask = (query: string, expected: object, more: object = {}) =>
  runProbe(promql, { url: prometheus.url, query, expect: expected, ...more });

describe('the value of a query', () => {
  it.each([
    ['orders_total', { value: { is: 42 } }],
    ['orders_total', { value: { above: 41, below: 43, atLeast: 42, atMost: 42 }, series: 1 }],
    ['scalar(orders_total)', { value: { is: 42 } }],
    ['part_ok', { value: { is: 0 }, series: { atLeast: 30, atMost: 30 } }],
    ['orders_total / 0', { value: { above: 1 } }],
    ['ALERTS{alertstate="firing"}', { series: 0 }],
  ])('passes when %s is %j', async (query, expected) => {
    expect((await ask(query, expected)).outcome).toEqual({ status: 'pass', reasons: [] });
  });

  it.each([
    ['orders_total', { value: { atLeast: 50 } }, /^orders_total\{instance="127\.0\.0\.1:\d+",job="app"\} is 42, expected at least 50$/],
    ['sum(orders_total)', { value: { is: 41 } }, /^the value is 42, expected 41$/],
    ['scalar(orders_total)', { value: { below: 42, atMost: 40 } }, /^the value is 42, expected below 42 and at most 40$/],
    ['sum(orders_total)', { value: { above: 42 } }, /^the value is 42, expected above 42$/],
    ['part_ok', { series: { atMost: 3 } }, /^30 series, expected at most 3$/],
    ['part_ok', { series: 3 }, /^30 series, expected 3$/],
    ['part_ok < 5', { series: { atLeast: 40 } }, /^30 series, expected at least 40$/],
  ])('fails when %s is not %j', async (query, expected, reason) => {
    const { outcome } = await ask(query, expected);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('fails with the first of many series, and says that there are more', async () => {
    const { outcome, observation, readings } = await ask('part_ok', { value: { is: 1 } });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toHaveLength(6);
    expect(outcome.reasons[0]).toMatch(/^part_ok\{.*part="0"\} is 0, expected 1$/);
    expect(outcome.reasons[5]).toBe('and at least 15 more');
    expect((observation as { result: { series: unknown[] } }).result.series).toHaveLength(20);
    expect(readings).toMatchObject({ series: 30, least: 0, most: 0, query: expect.any(Number) });
  });
});

describe('no value at all never passes', () => {
  it.each([
    ['nothing_total', 'the query gave no series at all'],
    ['ratio', 'a value is NaN, which is no number'],
    ['scalar(nothing_total)', 'a value is NaN, which is no number'],
  ])('%s', async (query, reason) => {
    expect((await ask(query, { value: { atLeast: 0 } })).outcome).toEqual({ status: 'error', reasons: [reason] });
    expect((await ask(query, { value: { atLeast: 0 } }, { whenEmpty: 'fail' })).outcome).toEqual({ status: 'fail', reasons: [reason] });
  });

  it('also where only series are counted', async () => {
    expect((await ask('nothing_total', { series: { atLeast: 1 } })).outcome.reasons).toEqual(['the query gave no series at all']);
  });
});

describe('samples', () => {
  it('that are fresh pass, and their age can be read', async () => {
    const { outcome, readings } = await ask('orders_total', { value: { is: 42 } }, { fresh: { selector: 'orders_total', within: '1m' } });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ value: 42, age: expect.any(Number) });
  });

  it('that are old fail, although Prometheus still gives them', async () => {
    const { outcome } = await ask('old_total', { value: { is: 1 } }, { fresh: { selector: 'old_total', within: '1m' } });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([expect.stringMatching(/^the newest sample of \{.*\} is 3m.* old, expected at most 1m$/)]);
  });

  it('that are not there at all are told as declared', async () => {
    const { outcome } = await ask('vector(1)', { value: { is: 1 } }, { fresh: { selector: 'nothing_total', within: '1m' } });
    expect(outcome).toEqual({ status: 'error', reasons: ['nothing_total has no samples'] });
  });
});

describe('a Prometheus that does not tell is an error and accuses nobody', () => {
  it('of a query that cannot be read or compared', async () => {
    const bad = await ask('sum(', { value: { is: 1 } });
    expect(bad.outcome.status).toBe('error');
    expect(bad.outcome.reasons[0]).toMatch(/^Prometheus: status 400: .*parse error/);
    expect((await ask('orders_total[5m]', { value: { is: 1 } })).outcome).toEqual({
      status: 'error',
      reasons: ['Prometheus: the result is a matrix, and only a scalar or a vector can be compared'],
    });
    const fresh = await ask('orders_total', { value: { is: 42 } }, { fresh: { selector: 'sum(', within: '1m' } });
    expect(fresh.outcome.status).toBe('error');
    expect(fresh.outcome.reasons[0]).toMatch(/^the age of sum\(: status 400: /);
  });

  it('that is not there, hangs up, or is something else', async () => {
    const at = async (url: string, timeout = '10s') => (await ask('up', { value: { is: 1 } }, { url, requestTimeout: timeout })).outcome;
    const port = await freePort();
    expect(await at(`http://127.0.0.1:${String(port)}`)).toEqual({
      status: 'error',
      reasons: [`Prometheus: connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`],
    });
    await using rude = await serveTcp((socket) => socket.destroy());
    expect((await at(rude.url)).reasons[0]).toMatch(/^Prometheus: the connection was closed before/);
    await using silent = await serveSilence();
    expect((await at(silent.url, '200ms')).reasons).toEqual(['Prometheus: timed out (no whole answer within 200ms)']);
    await using web = await serveHttp((_request, response) => response.end('<html>'));
    expect((await at(web.url)).reasons).toEqual(['Prometheus: the answer is not that of a Prometheus']);
    await using closed = await serveHttp((_request, response) => response.writeHead(401).end());
    expect((await at(closed.url)).reasons).toEqual(['Prometheus: status 401']);
  });

  it('that answers without end, or drop by drop', async () => {
    await using flood = await serveHttp((_request, response) => {
      const more = (): void =>
        void (response.destroyed || (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more)));
      more();
    });
    const endless = await ask('up', { value: { is: 1 } }, { url: flood.url });
    expect(endless.outcome).toEqual({ status: 'error', reasons: ['Prometheus: the answer is larger than 16 MiB'] });
    await using slow = await serveHttp((_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const dripping = await ask('up', { value: { is: 1 } }, { url: slow.url, requestTimeout: '300ms' });
    expect(dripping.outcome.reasons).toEqual(['Prometheus: timed out (no whole answer within 300ms)']);
  });

  it('or that warns that its answer may be partial', async () => {
    const vector = { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] };
    await using partial = await serveHttp((_request, response) =>
      response.end(JSON.stringify({ status: 'success', data: vector, warnings: ['a store did not answer'] })),
    );
    expect((await ask('up', { value: { is: 1 } }, { url: partial.url })).outcome).toEqual({
      status: 'error',
      reasons: ['Prometheus warns: a store did not answer'],
    });
  });

  it('and is shown the login that its address holds', async () => {
    const got: unknown[] = [];
    await using server = await serveHttp((request, response) => {
      got.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await ask('up', { value: { is: 1 } }, { url: server.url.replace('//', '//ada:word@') });
    await ask('up', { value: { is: 1 } }, { url: server.url, token: 'a-token' });
    expect(got).toEqual([`Basic ${btoa('ada:word')}`, 'Bearer a-token']);
  });
});
