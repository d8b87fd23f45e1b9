import type { Browser, BrowserContext, Page } from 'playwright';
import { abortable } from '../../../base/abortable.ts';
import { systemClock } from '../../../base/clock.ts';
import { Fault } from '../../../base/fault.ts';
import { oneLine } from '../../../browser/one-line.ts';
import { takePicture } from '../../../browser/take-picture.ts';
import type { BrowserFlow } from '../flow.ts';
import type { BrowserObservation, Failure } from '../observation.ts';
import type { BrowserOptions } from '../options.ts';
import { recordSteps, type StepRecord } from '../steps.ts';
import { startTracing, type Tracing } from '../trace.ts';
import { watchContext, withoutQuery, withTime, type ContextWatch } from '../watch-context.ts';
import { connectTo, type Connection } from './connection.ts';
import type { FlowTrouble } from './trouble.ts';

/** How long the last looks at a page may take. */
const lastLooksMs = 5_000;
/** When time is up, less: together with ending the thread no more than the second that a probe has then. */
const hurriedLooksMs = 700;

const hint = 'is this machine short of memory, of /dev/shm, or of processor time?';

/** One run, as plain data. */
export interface FlowTask {
  readonly options: BrowserOptions;
  readonly endpoint: string;
  readonly browserName: string;
  /** Where runs follow each other, pictures are kept of failures alone. */
  readonly picturesOf: 'all' | 'failures';
}

/** What came of it, as plain data; pictures and traces are not stored yet. */
export interface FlowSeen {
  readonly seen: Omit<BrowserObservation, 'screenshot' | 'trace'>;
  readonly screenshot: Uint8Array | undefined;
  readonly trace: Uint8Array | undefined;
}

export interface FlowAround {
  /** Aborts when time is up. */
  readonly signal: AbortSignal;
  /** What failed meanwhile although the flow did not wait for it. */
  stray(): Promise<FlowTrouble | undefined>;
  /** Told whenever another step runs, or none. */
  inStep(step: string | undefined): void;
}

interface Opened extends Connection {
  readonly context: BrowserContext;
  readonly watch: ContextWatch;
  readonly page: Page;
  readonly tracing: Tracing | undefined;
  /** Rejects when the browser or a page of it is no more. */
  readonly crashed: Promise<never>;
}

export async function runFlow(flow: BrowserFlow, task: FlowTask, around: FlowAround): Promise<FlowSeen> {
  const { viewport, actionTimeout, trace } = task.options;
  const { signal } = around;
  const connection = await abortable(connectTo(task.endpoint), signal);
  const context = await opening(connection.browser.newContext({ viewport }), signal);
  let tracing: Tracing | undefined;
  const close = async (): Promise<void> => {
    await withTime(context.close(), lastLooksMs);
    await tracing?.discard(lastLooksMs);
  };
  try {
    context.setDefaultTimeout(actionTimeout);
    const watch = await opening(watchContext(context), signal);
    tracing = trace === undefined || trace === 'off' ? undefined : await abortable(startTracing(context, trace, signal), signal);
    const page = await opening(context.newPage(), signal);
    return await act({ ...connection, context, watch, page, tracing, crashed: crashOf(connection, watch) }, flow, task, around);
  } finally {
    // When time is up the thread is ended, and with it go its context and its files.
    await abortable(close(), signal).catch(() => undefined);
  }
}

/** Without a page there is nothing to say of the target. */
async function opening<Opening>(opens: Promise<Opening>, signal: AbortSignal): Promise<Opening> {
  try {
    return await abortable(opens, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Fault('probe/cannot-run', `Chromium did not open a page: ${oneLine(error)}`, { hint, cause: error });
  }
}

function crashOf({ ended }: Connection, watch: ContextWatch): Promise<never> {
  const crashes = [ended.then(() => 'Chromium ended'), watch.crashed.then(() => "the page's process crashed")];
  const crashed = Promise.race(crashes).then((says): never => {
    throw new Fault('probe/cannot-run', `${says} in the middle of the flow`, { hint });
  });
  crashed.catch(() => undefined);
  return crashed;
}

async function act(
  opened: Opened,
  flow: BrowserFlow,
  { options, browserName, picturesOf }: FlowTask,
  { signal, inStep, stray }: FlowAround,
) {
  const { page, watch, crashed } = opened;
  const { variables, secrets, actionTimeout } = options;
  const { expect } = await import('playwright/test');
  const clock = systemClock;
  const record = recordSteps(clock, inStep);
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
  // What the flow itself threw is what people look for: a wait begun before the click that failed may well fail with it.
  const strayed = failure?.kind === 'thrown' ? undefined : await stray();
  if (strayed !== undefined) throw strayed;
  const wantsPicture = failure !== undefined || picturesOf === 'all';
  const { title = '', screenshot, trace } = await lookAround(opened, { failure, options, wantsPicture, signal });
  const seen = {
    browser: browserName,
    steps: record.steps(),
    durationMs,
    ...(failure === undefined ? {} : { failure }),
    ...watch.noticed(),
    url: withoutQuery(page.url()),
    title,
  };
  return { seen, screenshot: copied(screenshot), trace: copied(trace) };
}

/** Bytes share their memory with others, which would go to the other thread as well. */
function copied(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined ? undefined : new Uint8Array(bytes);
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
