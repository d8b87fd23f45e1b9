import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../sandbox/wait-until.ts';
import type { Health } from './health.ts';
import { driveAccubooks, type Driver } from './driver.ts';

const running = async (driver: Driver): Promise<number> => {
  const answer = await driver.client.call({ path: '/api/test/faults' });
  return answer.json<{ running: unknown[] }>().running.length;
};
const over = (driver: Driver) => waitUntil('no fault is running', async () => (await running(driver)) === 0);

describe('trigger-errors', () => {
  test('makes exactly as many requests to real routes fail with 500', async () => {
    await using driver = await driveAccubooks();
    expect((await driver.scrape()).sum('http_requests_total', { status_code: '500' })).toBe(0);
    expect(await driver.fault('trigger-errors', { count: 30, duration: '600ms' })).toBe(202);
    await over(driver);
    const seen = await driver.scrape();
    expect(seen.sum('http_requests_total', { status_code: '500' })).toBe(30);
    for (const route of ['/api/session', '/api/scenarios', '/api/forecasts']) {
      expect(seen.value('http_requests_total', { method: 'GET', route, status_code: '500' }), `route ${route}`).toBe(10);
    }
    expect(seen.value('http_error_rate', { status_code: '500' })).toBeGreaterThan(50);
    expect(seen.value('http_requests_total', { method: 'POST', route: '/api/sign-in', status_code: '200' })).toBe(1);
  });

  test("leaves everybody else's requests alone", async () => {
    await using driver = await driveAccubooks();
    const token = await driver.signIn('pro1@birch-bakery.test');
    await driver.fault('trigger-errors', { count: 40, duration: '500ms' });
    const statuses = new Set<number>();
    while ((await running(driver)) > 0) statuses.add((await driver.client.call({ path: '/api/scenarios', token })).status);
    expect([...statuses]).toEqual([200]);
    expect((await driver.scrape()).sum('http_requests_total', { status_code: '500' })).toBe(40);
  });

  test("takes the guide's own curl, which calls its JSON a form", async () => {
    await using driver = await driveAccubooks();
    const answer = await fetch(`${driver.app.url}/api/test/trigger-errors`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '{"count": 100, "duration": "5m"}',
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ fault: 'trigger-errors', says: '100 requests fail with 500, spread evenly over 300 s' });
    await waitUntil('the first request failed', async () => (await driver.scrape()).sum('http_requests_total', { status_code: '500' }) > 0);
    await driver.endFaults();
    expect(await running(driver)).toBe(0);
  });
});

describe('hold-connections', () => {
  test('takes so many connections that utilisation rises above the percentage, and gives them back', async () => {
    await using driver = await driveAccubooks();
    const utilisation = async () => (await driver.scrape()).value('db_pool_utilization_percent') ?? NaN;
    expect(await utilisation()).toBe(0);
    await driver.fault('hold-connections', { percent: 90, duration: '1m' });
    await waitUntil('utilisation is above 90 %', async () => (await utilisation()) > 90);
    expect((await driver.scrape()).value('db_active_connections')).toBe(181);
    expect((await driver.client.call({ path: '/health' })).status).toBe(200);
    await driver.endFaults();
    expect(await utilisation()).toBe(0);
  });

  test('makes others wait and, when nothing is left, fail with 503', async () => {
    await using driver = await driveAccubooks({ poolSize: 4, poolTimeoutMs: 50 });
    const token = await driver.signIn('pro1@birch-bakery.test');
    await driver.fault('hold-connections', { percent: 100, duration: '300ms' });
    await waitUntil('all connections are held', async () => (await driver.scrape()).value('db_active_connections') === 4);
    expect((await driver.client.call({ path: '/api/scenarios', token })).status).toBe(503);
    expect((await driver.scrape()).value('db_connection_errors_total')).toBe(1);
    await over(driver);
    const seen = await driver.scrape();
    expect(seen.value('db_active_connections')).toBe(0);
    expect((await driver.client.call({ path: '/api/scenarios', token })).status).toBe(200);
  });
});

describe('two holds at once', () => {
  test('keep as many connections as the greater asks for, and each lets go of its own', async () => {
    await using driver = await driveAccubooks();
    const inUse = async () => (await driver.scrape()).value('db_active_connections');
    await driver.fault('hold-connections', { percent: 90, duration: '1m' });
    await driver.fault('hold-connections', { percent: 70, duration: '1m', name: 'pool-warning' });
    await waitUntil('the greater is held', async () => (await inUse()) === 181);
    await driver.client.call({ method: 'DELETE', path: '/api/test/faults/pool-warning' });
    expect(await inUse()).toBe(181);
    expect((await driver.client.call({ path: '/health' })).status).toBe(200);
    await driver.endFaults();
    expect(await inUse()).toBe(0);
  });
});

describe('flood-queue', () => {
  test('makes the queue long, lets everybody else go first, and takes back what is left', async () => {
    await using driver = await driveAccubooks();
    const token = await driver.signIn('pro1@birch-bakery.test');
    await driver.fault('flood-queue', { jobs: 300, duration: '1m' });
    await waitUntil('the queue is long', async () => ((await driver.scrape()).value('forecast_queue_depth') ?? 0) > 200);
    const ordered = await driver.client.call({
      method: 'POST',
      path: '/api/forecasts',
      token,
      json: { scenarioId: 1, horizonMonths: 6, fresh: true },
    });
    const { id } = ordered.json<{ forecast: { id: string } }>().forecast;
    const answer = await driver.client.call({ path: `/api/forecasts/${id}?wait=10s`, token });
    expect(answer.json<{ forecast: { status: string } }>().forecast.status).toBe('done');
    expect((await driver.scrape()).value('forecast_queue_depth')).toBeGreaterThan(200);
    await driver.endFaults();
    const seen = await driver.scrape();
    expect(seen.value('forecast_queue_depth')).toBe(0);
    expect(seen.value('forecast_jobs_total', { result: 'failed' })).toBe(0);
  });
});

describe('miss-cache', () => {
  test('lets the hit rate fall without an error', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('miss-cache', { perSecond: 200, duration: '1m' });
    await waitUntil('the hit rate is low', async () => ((await driver.scrape()).value('cache_hit_rate_percent') ?? 100) < 20);
    const seen = await driver.scrape();
    expect(seen.sum('http_requests_total', { status_code: '500' })).toBe(0);
    await driver.endFaults();
  });
});

describe('fill-cache', () => {
  test('fills the memory above the percentage, evicts nothing, and empties it again', async () => {
    await using driver = await driveAccubooks({ cacheBytes: 4 * 1024 * 1024 });
    const share = async () => {
      const seen = await driver.scrape();
      return (seen.value('cache_memory_usage_bytes') ?? 0) / (seen.value('cache_memory_limit_bytes') ?? 1);
    };
    await driver.fault('fill-cache', { percent: 86, duration: '1m' });
    await waitUntil('memory is nearly full', async () => (await share()) > 0.86);
    expect((await driver.scrape()).value('cache_eviction_rate_per_sec')).toBe(0);
    await driver.endFaults();
    expect(await share()).toBeLessThan(0.1);
  });
});

describe('a lost heartbeat', () => {
  test('fails the health check while forecasts go on', async () => {
    await using driver = await driveAccubooks();
    const token = await driver.signIn('pro1@birch-bakery.test');
    await driver.fault('health', { part: 'heartbeat', duration: '1m' });
    await waitUntil('the health check fails', async () => (await driver.client.call({ path: '/health' })).status === 503);
    const ordered = await driver.client.call({
      method: 'POST',
      path: '/api/forecasts',
      token,
      json: { scenarioId: 1, horizonMonths: 6, fresh: true },
    });
    const { id } = ordered.json<{ forecast: { id: string } }>().forecast;
    const answer = await driver.client.call({ path: `/api/forecasts/${id}?wait=10s`, token });
    expect(answer.json<{ forecast: { status: string } }>().forecast.status).toBe('done');
    await driver.endFaults();
    expect((await driver.client.call({ path: '/health' })).status).toBe(200);
  });
});

describe('slow-queries', () => {
  test('waits inside the queries of its own requests, so that their latency is seen', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('slow-queries', { ms: 600, duration: '1m' });
    const slow = (name: string, le: string, seen: Awaited<ReturnType<Driver['scrape']>>) =>
      seen.sum(`${name}_count`) - seen.sum(`${name}_bucket`, { le });
    await waitUntil(
      'ten requests took longer than 500 ms',
      async () => slow('http_request_duration_ms', '500', await driver.scrape()) >= 10,
    );
    const during = await driver.scrape();
    expect(slow('db_query_duration_ms', '500', during)).toBeGreaterThanOrEqual(10);
    expect(during.value('db_active_connections')).toBeGreaterThan(0);
    await driver.endFaults();
    expect((await driver.scrape()).value('db_active_connections')).toBe(0);
  });

  test('leaves others alone, unless it is to reach everyone', async () => {
    await using driver = await driveAccubooks();
    const slowSignIns = async () => {
      const seen = await driver.scrape();
      const labels = { method: 'POST', route: '/api/sign-in' };
      return seen.sum('http_request_duration_ms_count', labels) - seen.sum('http_request_duration_ms_bucket', { ...labels, le: '1000' });
    };
    await driver.fault('slow-queries', { ms: 1_100, duration: '1m' });
    await driver.signIn('pro1@birch-bakery.test');
    expect(await slowSignIns()).toBe(0);
    await driver.endFaults();
    await driver.fault('slow-queries', { ms: 1_100, duration: '1m', reach: 'everyone' });
    await driver.signIn('pro1@birch-bakery.test');
    expect(await slowSignIns()).toBeGreaterThan(0);
  });
});

describe('health', () => {
  const health = async (driver: Driver) => {
    const answer = await driver.client.call({ path: '/health' });
    return { status: answer.status, body: answer.json<Health>() };
  };

  test('says what the guide asks for while all is well', async () => {
    await using driver = await driveAccubooks();
    const { status, body } = await health(driver);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['status', 'timestamp', 'uptime', 'database', 'cache', 'queue']);
    expect(body).toMatchObject({ status: 'healthy', database: { status: 'up' }, cache: { status: 'up' }, queue: { status: 'up' } });
    expect(Math.abs(Date.now() - Date.parse(body.timestamp))).toBeLessThan(60_000);
    expect(body.uptime).toBeGreaterThan(0);
  });

  for (const part of ['database', 'cache', 'queue'] as const) {
    test(`answers 503 and names the ${part} while it is broken, and recovers`, async () => {
      await using driver = await driveAccubooks();
      expect(await driver.fault('health', { part, duration: '1m' })).toBe(202);
      await waitUntil('it is unhealthy', async () => (await health(driver)).status === 503);
      const { body } = await health(driver);
      const down = (['database', 'cache', 'queue'] as const).filter((name) => body[name].status === 'down');
      expect({ status: body.status, down }).toEqual({ status: 'unhealthy', down: [part] });
      await driver.endFaults();
      expect((await health(driver)).status).toBe(200);
      const token = await driver.signIn('pro1@birch-bakery.test');
      expect(await driver.forecast(token, { scenarioId: 1, horizonMonths: 3 })).toMatchObject({ status: 'done' });
    });
  }

  test('ends by itself when its time is up', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('health', { part: 'database', duration: '200ms' });
    expect((await health(driver)).status).toBe(503);
    await over(driver);
    expect((await health(driver)).status).toBe(200);
    expect((await driver.scrape()).value('db_connection_errors_total')).toBeGreaterThan(0);
  });
});

describe('corrupt', () => {
  test('miscalculates forecasts: they are caught, counted, and never shown', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('corrupt', { what: 'calculation', count: 2, duration: '100ms' });
    await waitUntil('both are caught', async () => (await driver.scrape()).value('calculation_errors_total') === 2);
    const token = await driver.signIn('pro1@harbour-joinery.test');
    const list = async () =>
      (await driver.client.call({ path: '/api/forecasts', token })).json<{ forecasts: { status: string; result?: unknown }[] }>().forecasts;
    await waitUntil('both failed', async () => (await list()).every(({ status }) => status === 'failed'));
    expect((await list()).map(({ result }) => result)).toEqual([undefined, undefined]);
    const seen = await driver.scrape();
    expect(seen.value('forecast_jobs_total', { result: 'failed' })).toBe(2);
    expect(seen.sum('forecasts_generated_total')).toBe(0);
  });

  test('loses the tenant of queries: they end in 500 and are counted', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('corrupt', { what: 'isolation', count: 2, duration: '100ms' });
    await over(driver);
    const seen = await driver.scrape();
    expect(seen.value('tenant_isolation_violations_total')).toBe(2);
    expect(seen.value('http_requests_total', { method: 'GET', route: '/api/scenarios', status_code: '500' })).toBe(2);
  });
});

describe('faults', () => {
  test('end one by one by name, or all at once', async () => {
    await using driver = await driveAccubooks();
    await driver.fault('hold-connections', { percent: 50, duration: '1m' });
    await driver.fault('health', { part: 'cache', duration: '1m' });
    await driver.client.call({ method: 'DELETE', path: '/api/test/faults/hold-connections' });
    expect(await running(driver)).toBe(1);
    expect((await driver.scrape()).value('db_active_connections')).toBe(0);
    await driver.endFaults();
    expect(await running(driver)).toBe(0);
  });

  test.for([
    ['trigger-errors', { count: 0, duration: '5m' }],
    ['trigger-errors', { count: 1, duration: 'soon' }],
    ['trigger-errors', { count: 1, duration: '2h' }],
    ['trigger-errors', { count: 1 }],
    ['hold-connections', { percent: 101, duration: '5m' }],
    ['slow-queries', { ms: 0, duration: '5m' }],
    ['health', { part: 'disk', duration: '5m' }],
    ['corrupt', { what: 'everything', count: 1, duration: '5m' }],
    ['health', { part: 'cache', duration: '5m', extra: true }],
  ] as const)('%s with %j is refused with 400', async ([name, body]) => {
    await using driver = await driveAccubooks();
    expect(await driver.fault(name, body)).toBe(400);
    expect(await running(driver)).toBe(0);
  });

  test('do not exist unless the app was started with them', async () => {
    await using driver = await driveAccubooks({ testFaults: false });
    expect(await driver.fault('trigger-errors', { count: 1, duration: '1s' })).toBe(404);
  });
});
