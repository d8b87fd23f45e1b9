import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import browser from '../../src/probes/browser.ts';
import { keepParts } from './kept.ts';

/** Holds warm browsers until it is killed: one for flows, and one that is in the middle of a spec, or of another flow. */
const [url = '', busy = ''] = process.argv.slice(2);
const kept = keepParts();
const context = { clock: systemClock, signal: new AbortController().signal, keep: () => Promise.resolve(''), kept };
const observe = (script: string, variables: Readonly<Record<string, string>>, config?: string) =>
  browser.observe(browser.options.parse({ script: join(import.meta.dirname, script), variables, config }), context);

await observe('flows/open.ts', { url });
process.send?.('warm');
if (busy === 'flow') await observe('flows/loops.ts', { url });
const config = busy === 'command' ? join(import.meta.dirname, 'specs/set-up.config.ts') : undefined;
await observe('specs/never-ends.spec.ts', { URL: url, BUSY: busy }, config);
