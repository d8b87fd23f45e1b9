import type { Browser, BrowserContext, Page } from 'playwright';
import { abortable, ranOutOfTime } from '../../base/abortable.ts';
import { Fault } from '../../base/fault.ts';
import type { OpenBrowser } from '../../browser/chromium.ts';
import { oneLine } from '../../browser/one-line.ts';
import { takePicture } from '../../browser/take-picture.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { loadFlow, type BrowserFlow } from './flow.ts';
import type { BrowserObservation, Failure } from './observation.ts';
import type { BrowserOptions } from './options.ts';
import { recordSteps, type StepRecord } from './steps.ts';
import { startTracing, type Tracing } from './trace.ts';
import { keepBrowserWarm } from './warm-browser.ts';
import { watchContext, withoutQuery, withTime, type ContextWatch } from './watch-context.ts';

/** How long the last looks at a page may take. */
const lastLooksMs = 5_000;
/** When time is up, less: together with ending the browser no more than the second that a probe has then. */
const hurriedLooksMs = 700;

const hint = 'is this machine short of memory, of /dev/shm, or of processor time?';

interface Opened extends OpenBrowser {
  readonly context: BrowserContext;
  readonly watch: ContextWatch;
  readonly page: Page;
  readonly tracing: Tracing | undefined;
  /** Rejects when the browser or a page of it is no more. */
  readonly crashed: Promise<never>;
}

export async function observeFlow(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  const flow = await loadFlow(options.script);
  const { executable } = options;
  const open = () => Promise.resolve(keepBrowserWarm(executable));
  const warm = await (context.kept?.get(`browser: ${executable ?? 'Chromium'}`, open) ?? open());
  try {
    const lease = await warm.lease(context.signal);
    let isWell = false;
    try {
      const seen = await observeIn(lease.opened, flow, options, context);
      isWell = true;
      return seen;
    } finally {
      await lease.release(isWell);
    }
  } finally {
    if (context.kept === undefined) await warm[Symbol.asyncDispose]();
  }
}

async function observeIn(browser: OpenBrowser, flow: BrowserFlow, options: BrowserOptions, run: ProbeContext): Promise<BrowserObservation> {
  const { viewport, actionTimeout } = options;
  const context = await abortable(browser.browser.newContext({ viewport }), run.signal);
  let tracing: Tracing | undefined;
  try {
    context.setDefaultTimeout(actionTimeout);
    const watch = await abortable(watchContext(context), run.signal);
    tracing = options.trace === 'off' ? undefined : await abortable(startTracing(context, options.trace, run.signal), run.signal);
    const page = await abortable(context.newPage(), run.signal);
    return await act({ ...browser, context, watch, page, tracing, crashed: crashOf(browser, watch) }, flow, options, run);
  } finally {
    // One that hangs goes with its browser.
    const withinMs = run.signal.aborted ? 100 : lastLooksMs;
    await withTime(context.close(), withinMs);
    await tracing?.discard(withinMs);
  }
}

function crashOf({ ended }: OpenBrowser, watch: ContextWatch): Promise<never> {
  const crashes = [ended.then(() => 'Chromium ended'), watch.crashed.then(() => "the page's process crashed")];
  const crashed = Promise.race(crashes).then((says): never => {
    throw new Fault('probe/cannot-run', `${says} in the middle of the flow`, { hint });
  });
  crashed.catch(() => undefined);
  return crashed;
}

async function act(opened: Opened, flow: BrowserFlow, options: BrowserOptions, { clock, signal, kept, keep }: ProbeContext) {
  const { page, watch, crashed } = opened;
  const { variables, secrets, actionTimeout } = options;
  const { expect } = await import('playwright/test');
  const record = recordSteps(clock);
  const startedMs = clock.monotonicMs();
  const given = { page, expect: expect.configure({ timeout: actionTimeout }), variables, secrets, step: record.step };
  const acting = (async () => flow(given))();
  // Whatever the flow still does after it was stopped is no news to anybody.
  acting.catch(() => undefined);
  const failure = await abortable(Promise.race([acting, crashed]), signal).then(
    () => undefined,
    (error: unknown): Failure => failureOf(error, record, signal),
  );
  const durationMs = clock.monotonicMs() - startedMs;
  // Where runs follow each other, pictures are kept of failures alone.
  const looks = await lookAround(opened, { failure, options, wantsPicture: failure !== undefined || kept === undefined, signal });
  return {
    browser: opened.name,
    steps: record.steps(),
    durationMs,
    ...(failure === undefined ? {} : { failure }),
    ...watch.noticed(),
    url: withoutQuery(page.url()),
    title: looks.title ?? '',
    ...(looks.screenshot === undefined ? {} : { screenshot: await keep(looks.screenshot) }),
    ...(looks.trace === undefined ? {} : { trace: await keep(looks.trace) }),
  };
}

interface End {
  readonly failure: Failure | undefined;
  readonly options: BrowserOptions;
  readonly wantsPicture: boolean;
  readonly signal: AbortSignal;
}

async function lookAround({ browser, tracing, page, watch, ended, crashed }: Opened, { failure, options, wantsPicture, signal }: End) {
  const limit = signal.aborted ? AbortSignal.timeout(hurriedLooksMs) : AbortSignal.any([signal, AbortSignal.timeout(lastLooksMs)]);
  const briefly = <Seen>(look: Promise<Seen> | undefined): Promise<Seen | undefined> =>
    look === undefined ? Promise.resolve(undefined) : abortable(look, limit).catch(() => undefined);
  const hasFailed = failure !== undefined;
  const looks = Promise.all([
    briefly(wantsPicture ? takePicture(page, { timeout: lastLooksMs }) : undefined),
    briefly(watch.look(signal.aborted ? hurriedLooksMs : lastLooksMs)),
    briefly(hasFailed ? versionOf(browser) : undefined),
    briefly(tracing?.end(hasFailed, Object.values(options.secrets))),
  ]);
  const [screenshot, look, version, trace] = await Promise.race([looks, crashed]);
  if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
  // A browser that hangs lets everything time out, whatever the target does.
  const isAlive = [screenshot, look?.title, version].some((seen) => seen !== undefined);
  if (hasFailed && !isAlive) {
    const gone = await briefly(ended.then(() => true));
    const how = gone === true ? 'ended' : 'did not answer any more';
    throw new Fault('probe/cannot-run', `Chromium ${how} in the middle of the flow (${failure.says})`, { hint });
  }
  return { screenshot, title: look?.title, trace };
}

function failureOf(error: unknown, record: StepRecord, signal: AbortSignal): Failure {
  if (error instanceof Fault) throw error;
  if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
  const step = record.stepOf(error);
  const where = step === undefined ? {} : { step };
  if (signal.aborted) return { ...where, kind: 'out-of-time', says: 'still running when the time of the check was up' };
  return { ...where, kind: 'thrown', says: oneLine(error) };
}

/** Asked of the browser itself, which answers even when the page hangs. */
async function versionOf(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  return (await session.send('Browser.getVersion')).product;
}
