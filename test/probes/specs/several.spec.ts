import { expect, test } from '@playwright/test';

test.describe('several', () => {
  test('one that passes', async ({ page }) => {
    await page.goto('about:blank');
  });

  test('one that fails', async ({ page }) => {
    await page.goto('about:blank');
    expect(await page.title()).toBe('Welcome');
  });

  test('one that is skipped', () => {
    test.skip(true, 'not on this machine');
  });

  test('one that fails as it should', () => {
    test.fail();
    throw new Error('known');
  });

  test('one that takes longer than it may', async ({ page }) => {
    // Enough for a browser to start on a machine that has other things to do.
    test.setTimeout(20_000);
    await test.step('wait for a heading', () => page.getByRole('heading').click());
  });

  test('one whose page crashes', async ({ page }) => {
    await page.goto('chrome://crash');
  });

  test('one that ends its worker', () => {
    process.exit(0);
  });
});
