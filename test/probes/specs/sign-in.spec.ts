import { expect, test } from '@playwright/test';

const { URL: url = '', PASSWORD: password = '', GREETING: greeting = 'Welcome' } = process.env;
// What never comes is not waited for that long.
const patienceMs = greeting === 'Welcome' ? 30_000 : 5_000;

test('a person signs in', async ({ page }) => {
  await test.step('open the page', () => page.goto(url));
  await test.step('sign in', async () => {
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  await test.step('see the greeting', () => expect(page.getByRole('heading')).toHaveText(greeting, { timeout: patienceMs }));
});
