import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/digest.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { openFlowThread, type FlowThread } from './flow/flow-thread.ts';
import type { FlowTask } from './flow/run-flow.ts';
import { FlowTrouble } from './flow/trouble.ts';
import type { BrowserObservation } from './observation.ts';
import type { BrowserOptions } from './options.ts';
import { createPool } from './pool.ts';
import { restsOnScript } from './rests-on.ts';
import { keepBrowserWarm, type WarmBrowser } from './warm-browser.ts';

const limits = { mostIdle: 8, idleMs: 10 * 60_000 };
const openThreads = () => Promise.resolve(createPool<FlowThread>(limits));

/** Runs a flow on a kept thread of its own, against the browser that all flows share. */
export async function observeFlow(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  const { executable } = options;
  const openBrowser = () => Promise.resolve(keepBrowserWarm(executable));
  const warm = await (context.kept?.get(`browser: ${executable ?? 'Chromium'}`, openBrowser) ?? openBrowser());
  const threads = await (context.kept?.get('browser: flows', openThreads) ?? openThreads());
  try {
    const key = await keyOf(options);
    const thread = await threads.take(key, () => openFlowThread(options.script, context.signal));
    try {
      return await observeOn(thread, warm, options, context);
    } finally {
      await threads.give(key, thread);
    }
  } finally {
    if (context.kept === undefined) await Promise.all([threads[Symbol.asyncDispose](), warm[Symbol.asyncDispose]()]);
  }
}

/** A thread has read the files of its flow once and for all: with other files it is another one. What cannot be read is told when it is loaded. */
async function keyOf(options: BrowserOptions): Promise<string> {
  const files = await restsOnScript(options).catch(() => []);
  return sha256(canonicalJson([options.script, files]));
}

async function observeOn(
  thread: FlowThread,
  warm: WarmBrowser,
  options: BrowserOptions,
  context: ProbeContext,
): Promise<BrowserObservation> {
  const { kept, keep, signal } = context;
  const { opened, release } = await warm.lease(signal);
  const task: FlowTask = {
    options,
    endpoint: opened.endpoint,
    browserName: opened.name,
    picturesOf: kept === undefined ? 'all' : 'failures',
  };
  let isWell = false;
  try {
    const { seen, screenshot, trace } = await thread.run(task, signal);
    isWell = true;
    return {
      ...seen,
      ...(screenshot === undefined ? {} : { screenshot: await keep(screenshot) }),
      ...(trace === undefined ? {} : { trace: await keep(trace) }),
    };
  } catch (error) {
    isWell ||= error instanceof FlowTrouble;
    throw error;
  } finally {
    await release(isWell);
  }
}
