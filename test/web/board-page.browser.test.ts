import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { board } from '../../src/board/board.ts';
import { openChromium } from '../../src/browser/chromium.ts';
import { startBoardServer, type RunningBoardServer } from '../../src/web/server.ts';
import { gateOf } from '../gate/gate-of.ts';

const hostile = '<img src=x onerror="document.title=1">';
let status = 200;
let made = 41;
const prometheus = createServer((request, response) => {
  const isRange = request.url?.includes('query_range') === true;
  const metric = { tier: hostile };
  const nowS = Date.now() / 1000;
  const result = isRange
    ? [
        {
          metric,
          values: [
            [nowS - 60, '1'],
            [nowS, '2'],
          ],
        },
      ]
    : [{ metric, value: [nowS, String(made)] }];
  const body = { status: 'success', data: { resultType: isRange ? 'matrix' : 'vector', result } };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
let server: RunningBoardServer;
let browser: Browser;
let close: () => Promise<void>;

beforeAll(async () => {
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
  const declared = board.parse({
    board: 'all',
    title: 'Everything',
    refresh: '1s',
    access: 'public',
    panels: [
      { panel: 'made', title: 'Made', show: 'stat', unit: 'count', warning: 40, critical: 50, queries: [{ query: 'a' }] },
      { panel: 'lines', title: 'Lines', show: 'lines', queries: [{ query: 'b', legend: '{{tier}}' }] },
      { panel: 'tiers', title: 'Tiers', show: 'pie', queries: [{ query: 'c', legend: '{{tier}}' }] },
      { panel: 'bars', title: 'Bars', show: 'bars', queries: [{ query: 'd', legend: '{{tier}}' }] },
    ],
  });
  const url = `http://127.0.0.1:${String((prometheus.address() as AddressInfo).port)}`;
  const gate = gateOf({
    stack: { prometheus: { url } },
    boards: [declared],
  });
  server = await startBoardServer({ gate, host: '127.0.0.1', port: 0, clock: systemClock, toolVersion: 'test' });
  ({ browser, close } = await openChromium(chromium, undefined, AbortSignal.timeout(60_000)));
});
afterAll(async () => {
  await close();
  await server.stop();
  prometheus.close();
});

describe("a board's page", () => {
  it('shows values, renews them by itself, and never shows an old one when there is no new one', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto(`${server.url}/d/all`);
    const value = page.locator('[data-panel="made"] [data-value]');
    await expect.poll(() => value.textContent()).toBe('41');
    expect(await page.locator('[data-panel="made"] .value').getAttribute('class')).toContain('warning');
    await expect.poll(() => page.locator('[data-panel][data-state="ok"]').count()).toBe(4);
    expect(await page.locator('[data-panel="lines"] canvas').count()).toBe(1);

    made = 55;
    await expect.poll(() => value.textContent(), { timeout: 5_000 }).toBe('55');
    expect(await page.locator('[data-panel="made"] .value').getAttribute('class')).toContain('critical');

    status = 500;
    await expect.poll(() => page.locator('[data-panel="made"] [data-error]').textContent(), { timeout: 5_000 }).toContain('HTTP 500');
    expect(await value.count()).toBe(0);
    status = 200;
    await expect.poll(() => value.textContent(), { timeout: 5_000 }).toBe('55');
    expect(new Set(asked)).toEqual(new Set([server.url]));
    await page.close();
  });

  it('takes a label for text, whatever it holds', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/d/all`);
    await expect.poll(() => page.locator('[data-panel="tiers"]').textContent()).toContain(hostile);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Everything · liveproof');
    await page.close();
  });
});
