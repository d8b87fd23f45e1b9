import type { BrowserFlow } from '../../../src/probes/browser.ts';

export default (({ variables }) => {
  throw new Error(variables['says']);
}) satisfies BrowserFlow;
