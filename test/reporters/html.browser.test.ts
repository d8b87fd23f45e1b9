import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from '../../src/browser/chromium.ts';
import { printReport } from '../../src/report/print.ts';
import type { Report } from '../../src/report/report.ts';
import html from '../../src/reporters/html.ts';
import { evidence, large, proceeding, refused, waived } from './rich.ts';

const reports: Readonly<Record<string, Report>> = { proceeding, refused, waived };
const windows = (['light', 'dark'] as const).flatMap((colorScheme) => [1_280, 375].map((widthPx) => [colorScheme, widthPx] as const));
const signal = AbortSignal.timeout(600_000);

let folder: string;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liveproof-html-'));
  for (const [name, report] of Object.entries({ ...reports, large: large(3) }))
    await writeFile(join(folder, `${name}.html`), html.render(report, evidence));
  ({ browser, close } = await openChromium(chromium, undefined, signal));
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

async function opened(name: string, colorScheme: 'light' | 'dark', width: number) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 812 } });
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`file://${join(folder, `${name}.html`)}`);
  return { page, asked, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** How many pixels stick out to the side. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.each(Object.keys(reports))('report.html, %s', (name) => {
  it.each(windows)('has no violation of WCAG 2.1 AA and fits the window, %s, %d px wide', async (colorScheme, widthPx) => {
    await using shown = await opened(name, colorScheme, widthPx);
    const { page, asked, complaints } = shown;
    // What is folded away has to be right, too.
    await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    const { violations, passes } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node.slice(0, 200)).join('\n')}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([page.url()]);
    expect(complaints).toEqual([]);
  });
});

it('fits a phone also with texts of ten thousand characters', async () => {
  await using shown = await opened('large', 'light', 375);
  expect(await overflowOf(shown.page)).toBeLessThanOrEqual(0);
});

it('breaks no heading of a table within a word on a phone', async () => {
  await using shown = await opened('refused', 'light', 375);
  const broken = await shown.page.evaluate<string[]>(`[...document.querySelectorAll('thead th, .sources td:nth-child(2)')]
    .filter((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const lines = new Set([...range.getClientRects()].map(({ top }) => top)).size;
      return lines > cell.textContent.trim().split(/\\s+/).length;
    })
    .map((cell) => cell.textContent)`);
  expect(broken).toEqual([]);
});

it('shows its pictures, and opens the way to what a link leads to', async () => {
  await using shown = await opened('refused', 'light', 1_280);
  const { page } = shown;
  const sizes = await page
    .locator('img')
    .evaluateAll((all) => all.map((each) => (each as unknown as { naturalWidth: number }).naturalWidth));
  expect(new Set(sizes)).toEqual(new Set([640]));
  await page.locator('.obstacles a').first().click();
  expect(await page.locator('.item:target').count()).toBe(1);
});

it('is found out by axe when a colour cannot be read', async () => {
  await using shown = await opened('proceeding', 'light', 1_280);
  const { page } = shown;
  await page.evaluate("document.querySelector('.verdict').style.color = '#1a5c36'");
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2aa']).analyze();
  expect(violations.map(({ id }) => id)).toEqual(['color-contrast']);
});

describe('report.pdf', () => {
  it('is printed from the page, tagged, with an outline and with what is folded away', async () => {
    const printed = await printReport(html.render(waived, evidence), signal);
    if ('says' in printed) throw new Error(printed.says);
    const text = Buffer.from(printed).toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text).toContain('/StructTreeRoot');
    expect(text).toContain('/Outlines');
    const folded = await printReport(html.render({ ...waived, items: waived.items.slice(0, 1) }, evidence), signal);
    expect(printed.length).toBeGreaterThan((folded as Uint8Array).length);
  });

  it('has no label that is larger than what it labels', async () => {
    await using shown = await opened('refused', 'light', 1_280);
    const { page } = shown;
    await page.emulateMedia({ media: 'print' });
    const sizeOf = (selector: string): Promise<number> =>
      page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector(${JSON.stringify(selector)})).fontSize)`);
    expect(await sizeOf('.grade')).toBeLessThanOrEqual(await sizeOf('.says'));
    expect(await sizeOf('.facts dt')).toBeLessThanOrEqual(await sizeOf('.facts dd'));
    expect(await sizeOf('thead th')).toBeLessThanOrEqual(await sizeOf('tbody td'));
    expect(await sizeOf('.item h4')).toBeLessThanOrEqual(await sizeOf('h3'));
    expect(await sizeOf('.timeline thead th')).toBeLessThanOrEqual(await sizeOf('.timeline tbody td'));
  });

  it('is done without where there is no browser, and says so', async () => {
    const before = process.env['LIVEPROOF_CHROMIUM'];
    process.env['LIVEPROOF_CHROMIUM'] = join(folder, 'no-browser');
    try {
      expect(await printReport(html.render(waived), signal)).toEqual({
        says: expect.stringContaining('there is no Chromium at') as string,
      });
    } finally {
      if (before === undefined) delete process.env['LIVEPROOF_CHROMIUM'];
      else process.env['LIVEPROOF_CHROMIUM'] = before;
    }
  });

  it('is done without when the run was stopped meanwhile', async () => {
    expect(await printReport(html.render(waived), AbortSignal.abort(new Error('stopped')))).toEqual({ says: 'the run was stopped' });
  });
});
