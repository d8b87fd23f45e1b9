import type { Browser } from 'playwright';
import { Fault } from '../../../base/fault.ts';
import { oneLine } from '../../../browser/one-line.ts';

/** This thread's own way to the browser that all flows share: what it opened there is closed when the thread is no more. */
export interface Connection {
  readonly browser: Browser;
  /** Resolves when the browser, or the way to it, is no more. */
  readonly ended: Promise<void>;
}

let current: { readonly endpoint: string; readonly connection: Connection } | undefined;

/** Kept from run to run, until the browser is replaced. */
export async function connectTo(endpoint: string): Promise<Connection> {
  if (current?.endpoint === endpoint && current.connection.browser.isConnected()) return current.connection;
  const before = current?.connection.browser;
  current = undefined;
  await before?.close();
  const { chromium } = await import('playwright');
  try {
    const browser = await chromium.connect(endpoint);
    const ended = new Promise<void>((resolve) => browser.once('disconnected', () => resolve()));
    current = { endpoint, connection: { browser, ended } };
    return current.connection;
  } catch (error) {
    throw new Fault('probe/cannot-run', `Chromium cannot be reached by the flow: ${oneLine(error)}`, { cause: error });
  }
}
