import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { Fault } from '../../../base/fault.ts';
import { oneLine } from '../../../browser/one-line.ts';
import { loadFlow, type BrowserFlow } from '../flow.ts';
import { runFlow, type FlowSeen, type FlowTask } from './run-flow.ts';
import { FlowTrouble } from './trouble.ts';

/** What a thread is told. It loads one script, and then runs it as often as it is told to, once at a time. */
export type ToFlowThread =
  { readonly type: 'load'; readonly script: string } | { readonly type: 'run'; readonly task: FlowTask } | { readonly type: 'time-up' };

/** The one answer to `load` or `run`. */
export type FlowAnswer =
  | { readonly type: 'loaded' }
  | ({ readonly type: 'seen' } & FlowSeen)
  | { readonly type: 'fault'; readonly isOfFlow: boolean; readonly message: string; readonly hint: string | undefined }
  | { readonly type: 'bug'; readonly message: string; readonly stack: string | undefined };

/** What a thread tells: its answers, and meanwhile where it is, and that it has heard that time is up. */
export type FromFlowThread = FlowAnswer | { readonly type: 'in-step'; readonly step: string | undefined } | { readonly type: 'hurries' };

let flow: BrowserFlow | undefined;
let running: Running | undefined;

interface Running {
  readonly controller: AbortController;
  /** What failed while nobody waited for it, by the promise: somebody may still come to wait. */
  readonly strays: Map<unknown, unknown>;
}

parentPort?.on('message', (told: ToFlowThread) => {
  if (told.type === 'time-up') hurry();
  else void answerTo(told).then(post, (error: unknown) => post(troubleOf(error)));
});

process.on('unhandledRejection', (error, promise) => running?.strays.set(promise, error));
process.on('rejectionHandled', (promise) => running?.strays.delete(promise));
process.on('uncaughtException', (error) => running?.strays.set(error, error));

function hurry(): void {
  post({ type: 'hurries' });
  running?.controller.abort(new DOMException('time is up', 'TimeoutError'));
}

async function answerTo(told: Exclude<ToFlowThread, { readonly type: 'time-up' }>): Promise<FlowAnswer> {
  if (told.type === 'load') {
    flow = await loadFlow(told.script);
    // Not in the time of the first run.
    await Promise.all([import('playwright'), import('playwright/test')]);
    return { type: 'loaded' };
  }
  if (flow === undefined) throw new Error('a flow is run before it is loaded');
  const controller = new AbortController();
  const strays = new Map<unknown, unknown>();
  running = { controller, strays };
  try {
    const inStep = (step: string | undefined): void => post({ type: 'in-step', step });
    return { type: 'seen', ...(await runFlow(flow, told.task, { signal: controller.signal, stray: () => strayOf(strays), inStep })) };
  } finally {
    running = undefined;
  }
}

async function strayOf(strays: Running['strays']): Promise<FlowTrouble | undefined> {
  // They are told at the end of the turn in which they failed.
  await nextTurn();
  for (const error of strays.values()) {
    return new FlowTrouble(`something that the flow did not wait for failed: ${oneLine(error)}`, 'is there an await missing?');
  }
  return undefined;
}

function troubleOf(error: unknown): FlowAnswer {
  if (error instanceof Fault) return { type: 'fault', isOfFlow: error instanceof FlowTrouble, message: error.message, hint: error.hint };
  return error instanceof Error
    ? { type: 'bug', message: error.message, stack: error.stack }
    : { type: 'bug', message: String(error), stack: undefined };
}

function post(said: FromFlowThread): void {
  parentPort?.postMessage(said);
}
