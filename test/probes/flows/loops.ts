import type { BrowserFlow } from '../../../src/probes/browser.ts';

/** Computes for ever, once it has told the server that it has come this far; unless the page is calm. */
export default (async ({ page, step, variables }) => {
  await step('open the page', () => page.goto(variables['url'] ?? ''));
  await step('compute', async () => {
    if ((await page.title()) === 'Calm') return;
    await page.evaluate(() => fetch('/waiting'));
    for (;;);
  });
}) satisfies BrowserFlow;
