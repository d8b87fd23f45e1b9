import type { BrowserFlow } from '../../../src/probes/browser.ts';

export default (async ({ page, step, variables }) => {
  await step('open the page', () => page.goto(variables['url'] ?? ''));
  await step('crash', () => page.goto('chrome://crash'));
}) satisfies BrowserFlow;
