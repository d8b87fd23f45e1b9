import { randomInt } from 'node:crypto';
import type { BrowserFlow } from '../../src/probes/browser.ts';

export default (async ({ page, expect, variables, secrets, step }) => {
  await step('open AccuBooks', async () => {
    await page.goto(variables['url'] ?? '');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  });

  await step('sign in', async () => {
    await page.getByLabel('E-mail').fill(variables['user'] ?? '');
    await page.getByLabel('Password').fill(secrets['password'] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Cash forecast' })).toBeVisible();
  });

  await step('make a forecast', async () => {
    // Numbers that were asked before are answered from the cache: only new ones send a job through the queue.
    const openingCash = randomInt(100_000, 100_000_000) / 100;
    await expect(page.getByRole('combobox', { name: 'Scenario' }).getByRole('option')).not.toHaveCount(0);
    await page.getByLabel('Opening cash').fill(String(openingCash));
    await page.getByLabel('Months ahead').fill('12');
    await page.getByRole('button', { name: 'Make forecast' }).click();
    await expect(page.getByRole('status')).toHaveText('Forecast ready');
  });

  await step('read the result', async () => {
    const result = page.getByRole('region', { name: 'Forecast', exact: true });
    await expect(result.getByRole('table', { name: 'Month by month' }).getByRole('row')).toHaveCount(13);
    await result.getByRole('button', { name: 'How was this calculated?' }).click();
    await expect(result.getByRole('heading', { name: 'How this was calculated' })).toBeVisible();
  });

  await step('sign out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  });
}) satisfies BrowserFlow;
