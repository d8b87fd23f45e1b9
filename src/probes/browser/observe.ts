import type { Browser, Page } from 'playwright';
import type { Expect } from 'playwright/test';
import { abortable, ranOutOfTime } from '../../base/abortable.ts';
import { Fault } from '../../base/fault.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { openChromium, type OpenBrowser } from '../../browser/chromium.ts';
import { loadFlow, type BrowserFlow } from './flow.ts';
import type { BrowserObservation, Failure } from './observation.ts';
import { oneLine } from '../../browser/one-line.ts';
import { takePicture } from '../../browser/take-picture.ts';
import type { BrowserOptions } from './options.ts';
import { recordSteps } from './steps.ts';
import { watchPage, withoutQuery } from './watch-page.ts';

/** How long the last looks at a page may take. */
const lastLooksMs = 5_000;
/** When time is up, less: together with ending the browser no more than the second that a probe has then. */
const hurriedLooksMs = 700;

const hint = 'is this machine short of memory, of /dev/shm, or of processor time?';

export async function observeBrowser(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  const flow = await loadFlow(options.script);
  const [{ chromium }, { expect }] = await Promise.all([import('playwright'), import('playwright/test')]);
  const opened = await openChromium(chromium, options.executable, context.signal);
  try {
    return await observeFlow(flow, opened, expect.configure({ timeout: options.actionTimeout }), options, context);
  } finally {
    await opened.close();
  }
}

async function observeFlow(
  flow: BrowserFlow,
  { browser, ended }: OpenBrowser,
  expect: Expect,
  options: BrowserOptions,
  context: ProbeContext,
): Promise<BrowserObservation> {
  const { clock, signal } = context;
  const page = await openPage(browser, options, signal);
  const noticed = watchPage(page);
  const crashed = Promise.race([
    ended.then(() => 'Chromium ended'),
    new Promise<string>((resolve) => page.on('crash', () => resolve("the page's process crashed"))),
  ]).then((says): never => {
    throw new Fault('probe/cannot-run', `${says} in the middle of the flow`, { hint });
  });
  crashed.catch(() => undefined);

  const record = recordSteps(clock);
  const { variables, secrets } = options;
  const acting = (async () => flow({ page, expect, variables, secrets, step: record.step }))();
  // Whatever the flow still does after it was stopped is no news to anybody.
  acting.catch(() => undefined);
  const failure = await abortable(Promise.race([acting, crashed]), signal).then(
    () => undefined,
    (error: unknown): Failure => failureOf(error, record.stepOf(error), signal),
  );
  const limit = signal.aborted ? AbortSignal.timeout(hurriedLooksMs) : AbortSignal.any([signal, AbortSignal.timeout(lastLooksMs)]);
  const briefly = <Seen>(look: Promise<Seen>): Promise<Seen | undefined> => abortable(look, limit).catch(() => undefined);
  const looks = Promise.all([briefly(takePicture(page, { timeout: lastLooksMs })), briefly(page.title()), briefly(versionOf(browser))]);
  const [screenshot, title, version] = await Promise.race([looks, crashed]);
  if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
  // A browser that hangs lets everything time out, whatever the target does.
  const isAlive = [screenshot, title, version].some((seen) => seen !== undefined);
  if (failure !== undefined && !isAlive) {
    const gone = await briefly(ended.then(() => true));
    throw new Fault(
      'probe/cannot-run',
      `Chromium ${gone === true ? 'ended' : 'did not answer any more'} in the middle of the flow (${failure.says})`,
      { hint },
    );
  }
  return {
    browser: browser.version(),
    steps: record.steps(),
    ...(failure === undefined ? {} : { failure }),
    ...noticed(),
    url: withoutQuery(page.url()),
    title: title ?? '',
    ...(screenshot === undefined ? {} : { screenshot: await context.keep(screenshot) }),
  };
}

async function openPage(browser: Browser, { viewport, actionTimeout }: BrowserOptions, signal: AbortSignal): Promise<Page> {
  const context = await abortable(browser.newContext({ viewport }), signal);
  context.setDefaultTimeout(actionTimeout);
  return abortable(context.newPage(), signal);
}

function failureOf(error: unknown, step: string | undefined, signal: AbortSignal): Failure {
  if (error instanceof Fault) throw error;
  if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
  const where = step === undefined ? {} : { step };
  if (signal.aborted) return { ...where, kind: 'out-of-time', says: 'still running when the time of the check was up' };
  return { ...where, kind: 'thrown', says: oneLine(error) };
}

/** Asked of the browser itself, which answers even when the page hangs. */
async function versionOf(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  return (await session.send('Browser.getVersion')).product;
}
