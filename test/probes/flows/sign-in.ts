import type { BrowserFlow } from '../../../src/probes/browser.ts';

export default (async ({ page, expect, step, variables, secrets }) => {
  await step('open the page', () => page.goto(variables['url'] ?? ''));
  await step('sign in', async () => {
    await page.getByLabel('Password').fill(secrets['password'] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  await step('see the greeting', () =>
    expect(page.getByRole('heading')).toHaveText('Welcome', { timeout: Number(variables['patienceMs'] ?? 10_000) }),
  );
}) satisfies BrowserFlow;
