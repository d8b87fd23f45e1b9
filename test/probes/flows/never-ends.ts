import type { BrowserFlow } from '../../../src/probes/browser.ts';

export default (async ({ page, step, variables }) => {
  await step('open the page', () => page.goto(variables['url'] ?? ''));
  await step('wait for ever', async () => {
    // Tells the server that it has come this far.
    await page.evaluate(() => fetch('/waiting'));
    await new Promise<never>(() => undefined);
  });
}) satisfies BrowserFlow;
