import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ranOutOfTime } from '../../base/abortable.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import { locateChromium } from '../../browser/chromium.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { BrowserObservation, Failure } from './observation.ts';
import type { BrowserOptions } from './options.ts';
import { createPool, type Pool } from './pool.ts';
import { restsOnScript } from './rests-on.ts';
import { findInstallation } from './spec/installation.ts';
import { lookedName, type ContextSeen } from './spec/preloaded.ts';
import { recordSpec, type SpecRecord } from './spec/record.ts';
import { openSession, type SpecSession } from './spec/session.ts';
import { cleanTrace } from './trace.ts';
import { worstOf, type Vitals } from './vitals.ts';

const hint = 'is this machine short of memory, of /dev/shm, or of processor time?';
/** Together with ending the worker no more than the second that a probe has when its time is up; the worker itself (preload.ts) looks for less. */
const lastLookMs = 750;
const limits = { mostIdle: 8, idleMs: 10 * 60_000 };
const mostKept = 20;

interface Workshop extends AsyncDisposable {
  readonly pool: Pool<SpecSession>;
  readonly unknown: Map<string, string>;
}

export async function observeSpec(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  const script = resolve(options.script);
  const installation = await findInstallation(script);
  const executable = await locateChromium(options.executable);
  // A worker has read the files of its spec once and for all: with other files it is another one.
  const key = sha256(canonicalJson([options, executable, installation.version, await restsOnScript(options)]));
  const workshop = await (context.kept?.get('browser: specs', openWorkshop) ?? openWorkshop());
  const { pool, unknown } = workshop;
  try {
    const given = { installation, executable, options: { ...options, script }, signal: context.signal, unknown };
    const session = await pool.take(key, () => openSession(given));
    try {
      return await observeIn(session, options, context);
    } finally {
      await pool.give(key, session);
    }
  } finally {
    if (context.kept === undefined) await workshop[Symbol.asyncDispose]();
  }
}

function openWorkshop(): Promise<Workshop> {
  const pool = createPool<SpecSession>(limits);
  return Promise.resolve({ pool, unknown: new Map(), [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() });
}

async function observeIn(session: SpecSession, options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  const { clock, signal } = context;
  const record = recordSpec(session.plan.tests);
  let isWell = false;
  try {
    const startedMs = clock.monotonicMs();
    const ran = await runToTheEnd(session, record, signal);
    const failure = ran.failure ?? record.failure();
    isWell = failure === undefined;
    const seen = summed(record.seen());
    const trouble = record.trouble();
    if (trouble !== undefined) throw new Fault('probe/cannot-run', trouble, { hint });
    const durationMs = ran.failure === undefined ? record.durationMs() : clock.monotonicMs() - startedMs;
    return {
      browser: seen.browser,
      ...(ran.way === undefined ? {} : { way: ran.way }),
      ...(ran.because === undefined ? {} : { because: ran.because }),
      tests: record.tests(),
      steps: record.steps(clock.now().getTime()),
      durationMs,
      ...(failure === undefined ? {} : { failure }),
      ...seen.noticed,
      ...(failure === undefined ? {} : await keepWhatFailed(record, options, context, ran.screenshot)),
    };
  } finally {
    await session.tidy(isWell);
  }
}

interface Ran {
  readonly way?: BrowserObservation['way'];
  readonly because?: string | undefined;
  /** Set when its time was up. */
  readonly failure?: Failure;
  readonly screenshot?: Buffer | undefined;
}

async function runToTheEnd(session: SpecSession, record: SpecRecord, signal: AbortSignal): Promise<Ran> {
  if (session.plan.tests.size === 0) return {};
  try {
    return await session.run(record, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    if (!ranOutOfTime(signal)) throw signal.reason;
    const step = record.runningStep();
    const failure: Failure = {
      ...(step === undefined ? {} : { step }),
      kind: 'out-of-time',
      says: 'still running when the time of the check was up',
    };
    if (session.way() === 'playwright test') return { way: 'playwright test', failure };
    const look = await session.look(lastLookMs);
    if (look?.isAlive !== true) {
      const who = look === undefined ? "Playwright's worker" : 'Chromium';
      throw new Fault('probe/cannot-run', `${who} did not answer any more in the middle of the flow (${failure.says})`, { hint });
    }
    return { way: 'kept worker', failure, screenshot: look.screenshot === undefined ? undefined : Buffer.from(look.screenshot, 'base64') };
  }
}

function summed(all: readonly ContextSeen[]) {
  const sum = (count: (seen: ContextSeen) => number | undefined): number => all.reduce((total, seen) => total + (count(seen) ?? 0), 0);
  const last = all.findLast(({ url }) => url !== undefined);
  return {
    browser: all.find(({ browser }) => browser !== undefined)?.browser ?? 'unknown',
    noticed: {
      consoleErrors: all.flatMap(({ consoleErrors = [] }) => consoleErrors).slice(0, mostKept),
      consoleErrorCount: sum(({ consoleErrorCount }) => consoleErrorCount),
      failedRequests: all.flatMap(({ failedRequests = [] }) => failedRequests).slice(0, mostKept),
      failedRequestCount: sum(({ failedRequestCount }) => failedRequestCount),
      vitals: all.reduce<Vitals>((worst, { vitals }) => worstOf(worst, vitals), {}),
      url: last?.url ?? '',
      title: last?.title ?? '',
    },
  };
}

async function keepWhatFailed(record: SpecRecord, { secrets }: BrowserOptions, { keep }: ProbeContext, looked: Buffer | undefined) {
  const screenshot = looked ?? (await bytesOf(record, lookedName));
  const packed = await bytesOf(record, 'trace');
  const trace = packed === undefined ? undefined : cleanTrace(packed, Object.values(secrets));
  return {
    ...(screenshot === undefined ? {} : { screenshot: await keep(screenshot) }),
    ...(trace === undefined ? {} : { trace: await keep(trace) }),
  };
}

async function bytesOf({ attachments }: SpecRecord, name: string): Promise<Buffer | undefined> {
  const found = attachments.findLast((each) => each.name === name);
  if (found?.body !== undefined || found?.path === undefined) return found?.body;
  return readFile(found.path).catch(() => undefined);
}
