import { expect, test } from '@playwright/test';

const { URL: url = '', AMOUNT: amount = '42' } = process.env;

test('a person signs in and reads a report', async ({ page }) => {
  await test.step('open', () => page.goto(url));
  await test.step('fill in', async () => {
    await page.getByLabel('User').fill('ada');
    await page.getByLabel('Password').fill('correct horse');
  });
  await test.step('sign in', async () => {
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading')).toHaveText('Welcome');
  });
  await test.step('read the report', async () => {
    await page.getByRole('link', { name: 'Report' }).click();
    await expect(page.getByRole('status')).toHaveText(amount, { timeout: 1_000 });
  });
  await test.step('sign out', async () => {
    await page.getByRole('link', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading')).toHaveText('Sign in');
  });
});
