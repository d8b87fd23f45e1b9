import type { BrowserFlow } from '../../../src/probes/browser.ts';

/** As Playwright's documentation has it: whoever opens a window waits for it from before the click. */
export default (async ({ page, step, variables }) => {
  await page.goto(variables['url'] ?? '');
  await step('open the help', async () => {
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Help' }).click();
    await opened;
  });
}) satisfies BrowserFlow;
