import { chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium, type OpenBrowser } from '../../src/browser/chromium.ts';
import { serveBoard } from './served-board.ts';

const stat = (panel: string, query: string) => ({
  panel,
  title: panel,
  show: 'stat',
  unit: 'percent',
  warning: 70,
  critical: 90,
  queries: [{ query }],
});
const lines = { panel: 'rate', title: 'Rate', show: 'lines', unit: 'per-second', queries: [{ query: 'rate', legend: '{{route}}' }] };
const pie = { panel: 'tiers', title: 'Tiers', show: 'pie', unit: 'count', queries: [{ query: 'tiers', legend: '{{tier}}' }] };
const alerts = { panel: 'alerts', title: 'Alerts', show: 'alerts', last: 10 };
const well = new Map([
  ['pool', [{ value: '42' }]],
  ['rate', [{ metric: { route: '/api' }, value: '3' }]],
  ['tiers', [{ metric: { tier: 'free' }, value: '8' }]],
]);
const minuteMs = 60_000;

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openChromium(chromium, undefined, AbortSignal.timeout(minuteMs));
});
afterAll(() => browser.close());

/** Opens the page of a board and notes what it complains of and whom it asks. */
async function open(url: string, width = 1_000) {
  const page = await browser.browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (line) => complaints.push(line.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await page.goto(url);
  return { page, complaints, hosts, [Symbol.asyncDispose]: () => page.close() };
}

const becomes = (page: Page, panel: string, state: string) => page.locator(`[data-panel="${panel}"][data-state="${state}"]`).waitFor();
const shown = (page: Page, panel: string) =>
  page
    .locator(`[data-panel="${panel}"] [data-value]`)
    .evaluateAll((all) => all.map((each) => `${each.dataset.series}=${each.dataset.value}`));

describe("a board's page, which must not mislead", () => {
  it('shows why there is nothing when Prometheus fails, and no value of before; then recovers', async () => {
    await using board = await serveBoard([stat('pool', 'pool'), lines, alerts], '1s');
    board.knows(well);
    await using opened = await open(board.url);
    const { page } = opened;
    await becomes(page, 'pool', 'ok');
    board.knows(500);
    for (const panel of ['pool', 'rate', 'alerts']) {
      await becomes(page, panel, 'error');
      expect(await page.locator(`[data-panel="${panel}"] [data-error]`).innerText()).toContain('HTTP 500');
      expect(await shown(page, panel)).toEqual([]);
    }
    expect(await page.getByRole('status').innerText()).toContain('3 panels without data');
    board.knows(well);
    await becomes(page, 'pool', 'ok');
  });

  it('does not pass off as new what a series said before it ended', async () => {
    await using board = await serveBoard([lines], '1s');
    board.knows(new Map([['rate', [{ metric: { route: '/old' }, value: '7', agedMs: 20 * minuteMs }]]]));
    await using opened = await open(board.url);
    await becomes(opened.page, 'rate', 'empty');
    expect(await shown(opened.page, 'rate')).toEqual([]);
    expect(await opened.page.locator('[data-panel="rate"] .none').innerText()).toMatch(/^No data since /);
  });

  it('shows nothing for what is not a number', async () => {
    await using board = await serveBoard([stat('pool', 'pool'), stat('gone', 'gone')], '1s');
    board.knows(new Map([['pool', [{ value: 'NaN' }]]]));
    await using opened = await open(board.url);
    await becomes(opened.page, 'pool', 'empty');
    await becomes(opened.page, 'gone', 'empty');
    expect([await shown(opened.page, 'pool'), await shown(opened.page, 'gone')]).toEqual([[], []]);
  });

  it('lets go of the charts that it replaces', async () => {
    await using board = await serveBoard([lines], '1s');
    board.knows(well);
    await using page = await browser.browser.newPage();
    await page.addInitScript(() => {
      const counted = { now: 0 };
      Object.assign(globalThis, { counted });
      const { addEventListener: add, removeEventListener: remove } = globalThis;
      globalThis.addEventListener = (...all: Parameters<typeof add>) => ((counted.now += 1), add(...all));
      globalThis.removeEventListener = (...all: Parameters<typeof remove>) => ((counted.now -= 1), remove(...all));
    });
    await page.goto(board.url);
    const counted = async () => {
      const before = await page.locator('[data-panel="rate"]').getAttribute('data-updated-at');
      await page.locator(`[data-panel="rate"]:not([data-updated-at="${before}"])`).waitFor();
      return page.evaluate(() => (globalThis as unknown as { counted: { now: number } }).counted.now);
    };
    await becomes(page, 'rate', 'ok');
    expect([await counted(), await counted()]).toEqual([await counted(), await counted()]);
  });

  it.each([
    ['none', '27.312', '27.3'],
    ['count', '1234.4', '1,234'],
    ['percent', '99.5', '99.5 %'],
    ['ratio', '0.0012', '0.12 %'],
    ['milliseconds', '9.724', '9.72 ms'],
    ['seconds', '0.5', '500 ms'],
    ['seconds', '6.32', '6.32 s'],
    ['bytes', '345000000', '329 MiB'],
    ['per-second', '0.25', '0.25 /s'],
    ['bytes-per-second', '2048', '2 KiB/s'],
  ])('writes a value in %s as people do: %s is %s', async (unit, value, text) => {
    await using board = await serveBoard([{ ...stat('pool', 'pool'), unit }], '10s');
    board.knows(new Map([['pool', [{ value }]]]));
    await using opened = await open(board.url);
    await becomes(opened.page, 'pool', 'ok');
    expect(await opened.page.locator('[data-panel="pool"] [data-value]').innerText()).toBe(text);
  });

  it('gives a value the colour of the threshold that it has reached', async () => {
    for (const [value, colour] of [
      ['69.9', 'good'],
      ['70', 'warning'],
      ['89.9', 'warning'],
      ['90', 'critical'],
    ] as const) {
      await using board = await serveBoard([stat('pool', 'pool')], '10s');
      board.knows(new Map([['pool', [{ value }]]]));
      await using opened = await open(board.url);
      await becomes(opened.page, 'pool', 'ok');
      expect(await opened.page.locator('[data-panel="pool"] .value').getAttribute('class')).toBe(`value ${colour}`);
    }
  });

  it.each([380, 800, 1_600])('fits a window of %i pixels', async (width) => {
    await using board = await serveBoard([stat('pool', 'pool'), lines, pie, alerts], '10s');
    board.knows(well);
    await using opened = await open(board.url, width);
    await becomes(opened.page, 'rate', 'ok');
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
