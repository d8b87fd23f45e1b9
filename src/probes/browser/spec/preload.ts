import { createRequire } from 'node:module';
import { rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Browser, BrowserContext, BrowserType, LaunchOptions } from 'playwright';
import type { TestInfo } from 'playwright/test';
import { oneLine } from '../../../browser/one-line.ts';
import { takePicture } from '../../../browser/take-picture.ts';
import { watchContext, withTime, type ContextWatch } from '../watch-context.ts';
import { sparePlaywrightsFrames } from './plain-frames.ts';
import { environmentOf, lookedName, seenName, type ContextSeen } from './preloaded.ts';

/**
 * Loaded by Node into the processes that run a spec, before Playwright: it gives the browser that was chosen to Playwright and tells
 * what the pages did, so that the spec itself stays as it is. Only what Playwright documents is used.
 */
const given = environmentOf(process.env);
const lastLookMs = 300;
/** A quarter of a second less than observe-spec.ts waits for the answer: question and answer travel between two processes. */
const aliveWithinMs = 500;
/** Leaves no room for a test that never ends: whoever asked for it is gone. */
const endWithinMs = 2_000;

let current: { readonly browser: Browser; readonly watch?: ContextWatch } | undefined;

if (given !== undefined) {
  const { playwright, executable, chromiumArguments, sandbox, folder } = given;
  const require = createRequire(playwright);
  const { chromium } = require('playwright-core') as { chromium: BrowserType };
  const testInfo = (): TestInfo | undefined => {
    try {
      return (require('playwright/test') as typeof import('playwright/test')).test.info();
    } catch {
      return undefined;
    }
  };
  const tell = (seen: ContextSeen): void => {
    testInfo()?.attachments.push({ name: seenName, contentType: 'application/json', body: Buffer.from(JSON.stringify(seen)) });
  };

  const playwrights = ['playwright', 'playwright-core'].map((name) => dirname(require.resolve(`${name}/package.json`)));
  const launch = chromium.launch.bind(chromium);
  chromium.launch = async (options: LaunchOptions = {}) => {
    const use = testInfo()?.project.use as { readonly channel?: string; readonly launchOptions?: LaunchOptions } | undefined;
    const chosen = { ...use?.launchOptions, ...options };
    const isTheirs = chosen.executablePath !== undefined || chosen.channel !== undefined || use?.channel !== undefined;
    const ours = {
      executablePath: executable,
      args: [...chromiumArguments, ...(chosen.args ?? [])],
      chromiumSandbox: chosen.chromiumSandbox ?? sandbox,
    };
    const name = isTheirs ? chromium.name() : basename(executable);
    if (given.isKept) sparePlaywrightsFrames(playwrights);
    try {
      const browser = await launch(isTheirs ? options : { ...options, ...ours });
      watchBrowser(browser, `${name} ${browser.version()}`);
      return browser;
    } catch (error) {
      tell({ trouble: `${name} did not start: ${oneLine(error)}` });
      throw error;
    }
  };

  const watchBrowser = (browser: Browser, name: string): void => {
    current = { browser };
    let isClosing = false;
    const close = browser.close.bind(browser);
    browser.close = (options) => {
      isClosing = true;
      return close(options);
    };
    browser.on('disconnected', () => {
      if (!isClosing) tell({ browser: name, trouble: 'Chromium ended in the middle of the flow' });
    });
    const newContext = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await newContext(options);
      const watch = await watchContext(context);
      current = { browser, watch };
      closeWithALook(context, watch, name);
      void watch.crashed.then(() => tell({ browser: name, trouble: "the page's process crashed in the middle of the flow" }));
      return context;
    };
  };

  const closeWithALook = (context: BrowserContext, watch: ContextWatch, name: string): void => {
    const close = context.close.bind(context);
    let isClosing = false;
    context.close = async (options) => {
      if (!isClosing) {
        isClosing = true;
        const looks = await watch.look(lastLookMs);
        tell({ browser: name, ...watch.noticed(), ...looks });
        const info = testInfo();
        if (info !== undefined && info.status !== info.expectedStatus) await keepScreenshot(watch, info);
      }
      await close(options);
    };
  };

  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), endWithinMs).unref();
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  });
  if (given.isKept) process.on('message', (message) => void answer(message));
  // The command itself would wait for its channel to us.
  else if (process.argv[1] === given.command) process.channel?.unref();
}

async function keepScreenshot(watch: ContextWatch, info: TestInfo): Promise<void> {
  const body = await screenshotOf(watch, lastLookMs * 5);
  if (body !== undefined) info.attachments.push({ name: lookedName, contentType: 'image/jpeg', body });
}

async function screenshotOf(watch: ContextWatch | undefined, withinMs: number): Promise<Buffer | undefined> {
  const page = watch?.lastPage();
  return page === undefined ? undefined : withTime(takePicture(page, { timeout: withinMs }), withinMs);
}

/** Asked when the time of a run is up: does the browser still answer, and what does it show? */
async function answer(message: unknown): Promise<void> {
  if ((message as { readonly method?: unknown }).method !== lookedName) return;
  const [isAlive, screenshot] = await Promise.all([
    current === undefined ? false : withTime(versionOf(current.browser), aliveWithinMs).then((version) => version !== undefined),
    screenshotOf(current?.watch, aliveWithinMs),
  ]);
  const params = { isAlive, screenshot: screenshot?.toString('base64'), seen: current?.watch?.noticed() };
  process.send?.({ method: lookedName, params });
}

/** Asked of the browser itself, which answers even when the page hangs. */
async function versionOf(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  return (await session.send('Browser.getVersion')).product;
}
