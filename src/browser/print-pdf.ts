import { abortable } from '../base/abortable.ts';
import { Fault } from '../base/fault.ts';
import { openChromium } from './chromium.ts';
import { oneLine } from './one-line.ts';

/**
 * Prints a page that needs nothing from outside, tagged for screen readers and with an outline. Nothing is fetched and no script
 * runs. Rejects with a Fault when there is no browser or it does not print, and when `signal` aborts.
 */
export async function printPdf(html: string, signal: AbortSignal): Promise<Uint8Array> {
  const { chromium } = await import('playwright');
  const { browser, close } = await openChromium(chromium, undefined, signal);
  const printed = async (): Promise<Uint8Array> => {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true, colorScheme: 'light' });
    const page = await context.newPage();
    await page.setContent(html, { waitUntil: 'load' });
    return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  };
  try {
    return await abortable(printed(), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Fault('probe/cannot-run', `Chromium did not print the page: ${oneLine(error)}`, { cause: error });
  } finally {
    await close();
  }
}
