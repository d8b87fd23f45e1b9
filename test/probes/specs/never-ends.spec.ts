import { test } from '@playwright/test';

test('waits for ever', async ({ page }) => {
  test.setTimeout(0);
  await test.step('open the page', () => page.goto(process.env['URL'] ?? ''));
  await test.step('wait for ever', async () => {
    // Tells the server that it has come this far.
    await page.evaluate(() => fetch('/waiting'));
    if (process.env['BUSY'] === 'page') await page.evaluate('for (;;);');
    if (process.env['BUSY'] === 'worker') for (;;);
    await new Promise<never>(() => undefined);
  });
});
