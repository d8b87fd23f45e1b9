import { writeFileSync } from 'node:fs';
import type { BrowserFlow } from '../../../src/probes/browser.ts';

/** Computes for ever, once it has told the server that it has come this far; unless the page is calm. It writes a file all the while, if it has one. */
export default (async ({ page, step, variables }) => {
  const { url = '', marker } = variables;
  await step('open the page', () => page.goto(url));
  await step('compute', async () => {
    if ((await page.title()) === 'Calm') return;
    await page.evaluate(() => fetch('/waiting'));
    for (;;) if (marker !== undefined) writeFileSync(marker, '');
  });
}) satisfies BrowserFlow;
