import { expect, test } from 'vitest';
import { waitUntil } from '../../sandbox/wait-until.ts';
import { driveAccubooks } from './driver.ts';

const pro = 'pro1@birch-bakery.test';
const starter = 'starter1@birch-bakery.test';
const free = 'free1@birch-bakery.test';

const latencyBuckets = [10, 50, 100, 200, 500, 1000, 2000, 5000];
const required: readonly (readonly [
  ref: string,
  name: string,
  type: string,
  series?: Readonly<Record<string, string>>,
  buckets?: number[],
])[] = [
  ['AB-M01', 'http_request_duration_ms', 'histogram', { method: 'GET', route: '/api/scenarios', status_code: '200' }, latencyBuckets],
  ['AB-M02', 'http_requests_total', 'counter', { method: 'POST', route: '/api/forecasts', status_code: '200' }],
  ['AB-M03', 'http_error_rate', 'gauge', { status_code: '500' }],
  ['AB-M04', 'http_requests_total', 'counter', { method: 'GET', route: '/health', status_code: '503' }],
  ['AB-M05', 'db_active_connections', 'gauge', {}],
  ['AB-M06', 'db_pool_utilization_percent', 'gauge', {}],
  ['AB-M07', 'db_connection_wait_time_ms', 'histogram', {}, [1, 5, 10, 25, 50, 100, 250, 500]],
  ['AB-M08', 'db_query_duration_ms', 'histogram', { query_type: 'select' }, [10, 50, 100, 200, 500, 1000, 2000]],
  ['AB-M09', 'db_connection_errors_total', 'counter', {}],
  ['AB-M10', 'cache_memory_usage_bytes', 'gauge', {}],
  ['AB-M11', 'cache_hit_rate_percent', 'gauge', {}],
  ['AB-M12', 'cache_eviction_rate_per_sec', 'gauge', {}],
  ['AB-M13', 'cache_operation_duration_ms', 'histogram', { operation: 'get' }],
  ['AB-M14', 'forecast_queue_depth', 'gauge', {}],
  ['AB-M15', 'forecast_worker_utilization_percent', 'gauge', {}],
  ['AB-M16', 'forecast_job_duration_seconds', 'histogram', {}, [1, 2, 5, 8, 10, 15, 20, 30, 60]],
  ['AB-M17', 'forecast_jobs_total', 'counter', { result: 'failed' }],
  ['AB-M18', 'active_users_concurrent', 'gauge', {}],
  ['AB-M19', 'forecasts_generated_total', 'counter', { tier: 'pro' }],
  ['AB-M20', 'tier_limit_hits_total', 'counter', { tier: 'free', limit_type: 'forecasts_per_day' }],
  ['AB-M21', 'upgrade_conversions_total', 'counter', { from: 'starter', to: 'pro' }],
  ['AB-M22', 'trust_layer_interactions_total', 'counter', { component: 'assumptions_panel' }],
  ['AB-A4', 'calculation_errors_total', 'counter', {}],
  ['AB-A4', 'tenant_isolation_violations_total', 'counter', {}],
];

test('every metric of the guide is on the very first scrape, with its type, labels and buckets', async () => {
  await using driver = await driveAccubooks();
  const first = await driver.scrape();
  expect(first.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const [ref, name, type, labels = {}, buckets] of required) {
    expect(first.text, `${ref} ${name}`).toContain(`# TYPE ${name} ${type}\n`);
    const sample = type === 'histogram' ? `${name}_count` : name;
    expect(first.value(sample, labels), `${ref} ${name} ${JSON.stringify(labels)}`).toBeDefined();
    if (buckets === undefined) continue;
    const bounds = [...buckets, '+Inf'].filter((le) => first.value(`${name}_bucket`, { ...labels, le: String(le) }) !== undefined);
    expect(bounds, `${ref} ${name}`).toEqual([...buckets, '+Inf']);
    expect(first.text.match(new RegExp(`^${name}_bucket`, 'gm'))?.length ?? 0).toBe(
      (buckets.length + 1) * (first.text.match(new RegExp(`^${name}_count`, 'gm'))?.length ?? 0),
    );
  }
});

test('each answer is counted once, under its method, its route as registered, and its status', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(pro);
  const before = await driver.scrape();
  const ask = async (path: string, own?: string) => (await driver.client.call({ path, token: own })).status;
  expect(await ask('/api/scenarios', token)).toBe(200);
  expect(await ask('/api/scenarios')).toBe(401);
  expect(await ask('/api/forecasts/no-such-id', token)).toBe(404);
  expect(await ask('/api/forecasts/no-such-id?wait=soon', token)).toBe(400);
  expect(await ask('/no/such/page')).toBe(404);
  const after = await driver.scrape();
  const grew = (route: string, status: number) => {
    const labels = { method: 'GET', route, status_code: String(status) };
    const total = (after.value('http_requests_total', labels) ?? 0) - (before.value('http_requests_total', labels) ?? 0);
    const timed = after.sum('http_request_duration_ms_count', labels) - before.sum('http_request_duration_ms_count', labels);
    return [total, timed];
  };
  expect(grew('/api/scenarios', 200)).toEqual([1, 1]);
  expect(grew('/api/scenarios', 401)).toEqual([1, 1]);
  expect(grew('/api/forecasts/:id', 404)).toEqual([1, 1]);
  expect(grew('/api/forecasts/:id', 400)).toEqual([1, 1]);
  expect(grew('unmatched', 404)).toEqual([1, 1]);
  expect(after.text).not.toContain('no-such-id');
  // Two scrapes, one sign-in and the five above; the scrape that reads the rate is not yet answered when it does.
  expect(after.value('http_error_rate', { status_code: '404' })).toBeCloseTo((100 * 2) / 7);
  expect(after.value('http_error_rate', { status_code: '500' })).toBe(0);
});

test('a new forecast is counted once in its tier, a cached one is not', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(pro);
  const generated = async () => {
    const seen = await driver.scrape();
    return ['free', 'starter', 'pro'].map((tier) => seen.value('forecasts_generated_total', { tier }));
  };
  expect(await generated()).toEqual([0, 0, 0]);
  const order = { scenarioId: 1, horizonMonths: 12 };
  const first = await driver.forecast(token, order);
  expect(first).toMatchObject({ status: 'done', cached: false });
  expect(await generated()).toEqual([0, 0, 1]);
  const second = await driver.forecast(token, order);
  expect(second).toMatchObject({ status: 'done', cached: true, result: first.result });
  expect(await generated()).toEqual([0, 0, 1]);
  const fresh = await driver.forecast(token, { ...order, fresh: true });
  expect(fresh).toMatchObject({ status: 'done', cached: false, result: first.result });
  expect(await generated()).toEqual([0, 0, 2]);
  await driver.forecast(await driver.signIn(starter), { scenarioId: 1, horizonMonths: 6 });
  expect(await generated()).toEqual([0, 1, 2]);
  const seen = await driver.scrape();
  expect(seen.value('forecast_jobs_total', { result: 'succeeded' })).toBe(3);
  expect(seen.value('forecast_job_duration_seconds_count')).toBe(3);
  expect(seen.value('forecast_worker_utilization_percent')).toBeGreaterThan(0);
});

test('database metrics follow the queries that were made', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(pro);
  const before = await driver.scrape();
  await driver.client.call({ path: '/api/scenarios', token });
  const after = await driver.scrape();
  // Who is asking, and what is asked for; the session itself is cached.
  const grew = (name: string, labels = {}) => (after.value(name, labels) ?? NaN) - (before.value(name, labels) ?? NaN);
  expect(grew('db_query_duration_ms_count', { query_type: 'select' })).toBe(2);
  expect(grew('db_query_duration_ms_count', { query_type: 'insert' })).toBe(0);
  expect(grew('db_connection_wait_time_ms_count')).toBe(2);
});

test('the hit rate is that of real look-ups, and unknown while there are none', async () => {
  await using driver = await driveAccubooks();
  expect((await driver.scrape()).value('cache_hit_rate_percent')).toBeNaN();
  const token = await driver.signIn(pro);
  // A session that was just made is in the cache: hit. The forecast is not: miss. The wait for it: hit.
  await driver.forecast(token, { scenarioId: 1, horizonMonths: 6 });
  const seen = await driver.scrape();
  expect(seen.value('cache_hit_rate_percent')).toBeCloseTo((100 * 2) / 3);
  expect(seen.value('cache_operation_duration_ms_count', { operation: 'get' })).toBe(3);
  expect(seen.value('cache_memory_usage_bytes')).toBeGreaterThan(500);
});

test('a full cache evicts, and stays within its bytes', async () => {
  await using driver = await driveAccubooks({ cacheBytes: 4_000 });
  const token = await driver.signIn(pro);
  expect((await driver.scrape()).value('cache_eviction_rate_per_sec')).toBe(0);
  for (const horizonMonths of [10, 11, 12, 13]) await driver.forecast(token, { scenarioId: 1, horizonMonths });
  const seen = await driver.scrape();
  expect(seen.value('cache_eviction_rate_per_sec')).toBeGreaterThan(0);
  expect(seen.value('cache_memory_usage_bytes')).toBeGreaterThan(0);
  expect(seen.value('cache_memory_usage_bytes')).toBeLessThanOrEqual(4_000);
});

test('rates forget what has left their window', async () => {
  await using driver = await driveAccubooks({ windowMs: 300 });
  await driver.client.call({ path: '/no/such/page' });
  await waitUntil(
    'the error has left the window',
    async () => (await driver.scrape()).value('http_error_rate', { status_code: '404' }) === 0,
  );
  expect((await driver.scrape()).value('http_requests_total', { method: 'GET', route: 'unmatched', status_code: '404' })).toBe(1);
});

test('jobs that wait are the depth of the queue', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(pro);
  await driver.fault('health', { part: 'queue', duration: '1m' });
  await waitUntil('the workers are gone', async () => (await driver.client.call({ path: '/health' })).status === 503);
  for (const horizonMonths of [1, 2, 3]) {
    await driver.client.call({ method: 'POST', path: '/api/forecasts', token, json: { scenarioId: 1, horizonMonths } });
  }
  expect((await driver.scrape()).value('forecast_queue_depth')).toBe(3);
  await driver.endFaults();
  await waitUntil('all are done', async () => (await driver.scrape()).value('forecasts_generated_total', { tier: 'pro' }) === 3);
  expect((await driver.scrape()).value('forecast_queue_depth')).toBe(0);
});

test('tier limits refuse with 403 and are counted by tier and kind', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(free);
  const post = async (path: string, json: unknown) => (await driver.client.call({ method: 'POST', path, token, json })).status;
  expect(await post('/api/forecasts', { scenarioId: 1, horizonMonths: 7 })).toBe(403);
  const statuses: number[] = [];
  for (let index = 0; index < 11; index += 1) statuses.push(await post('/api/forecasts', { scenarioId: 1, horizonMonths: 6, fresh: true }));
  expect(statuses).toEqual([...Array<number>(10).fill(202), 403]);
  const scenario = { name: 'Mine', openingCash: 1, monthlyNet: [1, 2, 3, 4, 5, 6] };
  const created: number[] = [];
  for (let index = 0; index < 4; index += 1) created.push(await post('/api/scenarios', scenario));
  // The two seeded scenarios belong to somebody else of the firm.
  expect(created).toEqual([201, 201, 201, 403]);
  const seen = await driver.scrape();
  for (const limit_type of ['horizon_months', 'forecasts_per_day', 'scenarios']) {
    expect(seen.value('tier_limit_hits_total', { tier: 'free', limit_type }), `limit ${limit_type}`).toBe(1);
  }
  expect(seen.sum('tier_limit_hits_total')).toBe(3);
  expect(seen.value('users_limited_last_hour')).toBe(1);
  expect(seen.value('scenarios_created_total', { tier: 'free' })).toBe(3);
});

test('an upgrade lifts the limits, is counted, and moves the user to the other tier', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(free);
  const before = await driver.scrape();
  const upgrade = async (to: string) => (await driver.client.call({ method: 'POST', path: '/api/upgrade', token, json: { to } })).status;
  expect(await upgrade('pro')).toBe(400);
  expect(await upgrade('starter')).toBe(200);
  expect(await driver.forecast(token, { scenarioId: 1, horizonMonths: 12 })).toMatchObject({ status: 'done' });
  expect(await upgrade('pro')).toBe(200);
  const after = await driver.scrape();
  expect(after.value('upgrade_conversions_total', { from: 'free', to: 'starter' })).toBe(1);
  expect(after.value('upgrade_conversions_total', { from: 'starter', to: 'pro' })).toBe(1);
  expect(after.value('forecasts_generated_total', { tier: 'starter' })).toBe(1);
  const moved = (tier: string) => (after.value('registered_users', { tier }) ?? NaN) - (before.value('registered_users', { tier }) ?? NaN);
  expect(['free', 'starter', 'pro'].map(moved)).toEqual([-1, 0, 1]);
});

test('users, sign-ins and uses of the trust layer are counted as they happen', async () => {
  await using driver = await driveAccubooks();
  expect((await driver.scrape()).value('active_users_concurrent')).toBe(0);
  const token = await driver.signIn(pro);
  await driver.signIn(pro);
  await driver.signIn(starter);
  await expect(driver.client.signIn(pro, 'wrong')).rejects.toThrow('401');
  const { id } = await driver.forecast(token, { scenarioId: 1, horizonMonths: 3 });
  for (const component of ['calculation-explainer', 'assumptions-panel', 'assumptions-panel', 'confidence-indicator']) {
    const answer = await driver.client.call({ path: `/api/forecasts/${id}/${component}`, token });
    expect(answer.status).toBe(200);
  }
  const seen = await driver.scrape();
  expect(seen.value('active_users_concurrent')).toBe(2);
  expect(seen.value('users_active_last_hour')).toBe(2);
  expect(seen.value('users_trust_layer_last_hour')).toBe(1);
  expect(seen.value('sign_ins_total', { result: 'accepted' })).toBe(3);
  expect(seen.value('sign_ins_total', { result: 'refused' })).toBe(1);
  const uses = ['calculation_explainer', 'assumptions_panel', 'confidence_indicator'].map((component) =>
    seen.value('trust_layer_interactions_total', { component }),
  );
  expect(uses).toEqual([1, 2, 1]);
});
