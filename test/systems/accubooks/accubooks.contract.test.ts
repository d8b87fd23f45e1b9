import { execa } from 'execa';
import { expect, test } from 'vitest';
import { waitUntil } from '../../sandbox/wait-until.ts';
import { driveAccubooks } from './driver.ts';
import { startTraffic } from './start-traffic.ts';

test('run alone, it serves, and a signal ends it with nothing left behind', async () => {
  const main = new URL('main.ts', import.meta.url).pathname;
  const running = execa(process.execPath, [main, '--port', '0', '--requests-per-second', '20'], { reject: false, timeout: 60_000 });
  const url = await new Promise<string>((resolve, reject) => {
    running.stdout.on('data', (text: Buffer) => resolve(/http:\S+/.exec(String(text))?.[0] ?? ''));
    running.stdout.once('end', () => reject(new Error('it ended before it listened')));
  });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  running.kill('SIGTERM');
  // It ends by itself: an open handle would keep the process alive, and the test waiting.
  expect(await running).toMatchObject({ exitCode: 0, timedOut: false });
});

test('users at work move every rate, and never make a PRO forecast', async () => {
  await using driver = await driveAccubooks();
  const leaving = new AbortController();
  const traffic = startTraffic({ url: driver.app.url, requestsPerSecond: 200, signal: leaving.signal });
  const seen = await waitUntil('all kinds of users have been at work', async () => {
    const now = await driver.scrape();
    const enough = now.sum('tier_limit_hits_total') > 0 && now.sum('forecasts_generated_total') > 3;
    const components = ['calculation_explainer', 'assumptions_panel', 'confidence_indicator'];
    return enough && components.every((component) => (now.value('trust_layer_interactions_total', { component }) ?? 0) > 0) && now;
  });
  leaving.abort();
  await traffic;
  expect(seen.value('active_users_concurrent')).toBe(20);
  expect(seen.value('cache_hit_rate_percent')).toBeGreaterThan(80);
  expect(seen.value('forecasts_generated_total', { tier: 'starter' })).toBeGreaterThan(0);
  expect(seen.value('forecasts_generated_total', { tier: 'pro' })).toBe(0);
  expect(seen.sum('http_requests_total', { status_code: '500' })).toBe(0);

  const left = await driver.scrape();
  const requests = (page: typeof left) => page.sum('http_requests_total') - page.sum('http_requests_total', { route: '/api/metrics' });
  expect(requests(await driver.scrape())).toBe(requests(left));
});

test('the page and what it loads are served', async () => {
  await using driver = await driveAccubooks();
  const page = await driver.client.call({ path: '/' });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  for (const [, path = ''] of page.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
    expect((await driver.client.call({ path })).status, `asset ${path}`).toBe(200);
  }
});

test('its sabotage can be changed while it runs', async () => {
  await using driver = await driveAccubooks({ sabotage: { hideMetric: 'forecast_queue_depth', healthBroken: true } });
  expect((await driver.scrape()).text).not.toContain('forecast_queue_depth');
  expect((await driver.client.call({ path: '/health' })).status).toBe(503);
  driver.app.sabotage({ forecastBroken: true });
  expect((await driver.scrape()).value('forecast_queue_depth')).toBe(0);
  expect((await driver.client.call({ path: '/health' })).status).toBe(200);
  const token = await driver.signIn('pro1@birch-bakery.test');
  expect(await driver.forecast(token, { scenarioId: 1, horizonMonths: 3 })).toMatchObject({ status: 'failed' });
  driver.app.sabotage({});
  expect(await driver.forecast(token, { scenarioId: 1, horizonMonths: 3 })).toMatchObject({ status: 'done' });
});
