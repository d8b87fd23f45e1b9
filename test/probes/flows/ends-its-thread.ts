import type { BrowserFlow } from '../../../src/probes/browser.ts';

/** Does what takes the thread away from under it. */
const ways: Readonly<Record<string, () => Promise<void>>> = {
  exit: () => process.exit(3),
  memory: () => {
    const all: object[] = [];
    for (;;) all.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
  },
  stray: () => {
    void Promise.reject(new Error('nobody waited for this'));
    return Promise.resolve();
  },
};

export default (async ({ page, step, variables }) => {
  await page.goto('about:blank');
  await step('go too far', ways[variables['way'] ?? ''] ?? (() => Promise.resolve()));
}) satisfies BrowserFlow;
