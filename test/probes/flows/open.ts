import type { BrowserFlow } from '../../../src/probes/browser.ts';

export default (async ({ page, step, variables }) => {
  await step('open the page', () => page.goto(variables['url'] ?? ''));
}) satisfies BrowserFlow;
