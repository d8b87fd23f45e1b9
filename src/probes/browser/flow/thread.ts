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

/** What a thread tells: its answers, and meanwhile where it is. */
export type FromFlowThread = FlowAnswer | { readonly type: 'in-step'; readonly step: string | undefined };

let flow: BrowserFlow | undefined;
let running: { readonly controller: AbortController; readonly fail: (error: Error) => void } | undefined;

parentPort?.on('message', (told: ToFlowThread) => {
  if (told.type === 'time-up') running?.controller.abort(new DOMException('time is up', 'TimeoutError'));
  else void answerTo(told).then(post, (error: unknown) => post(troubleOf(error)));
});

// What nobody waited for: news while the flow runs, and none afterwards, when its pages are closed under it.
for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, (error: unknown) =>
    running?.fail(new FlowTrouble(`something that the flow did not wait for failed: ${oneLine(error)}`, 'is there an await missing?')),
  );
}

async function answerTo(told: Exclude<ToFlowThread, { readonly type: 'time-up' }>): Promise<FlowAnswer> {
  if (told.type === 'load') {
    flow = await loadFlow(told.script);
    return { type: 'loaded' };
  }
  if (flow === undefined) throw new Error('a flow is run before it is loaded');
  const controller = new AbortController();
  const { promise: trouble, reject: fail } = Promise.withResolvers<never>();
  trouble.catch(() => undefined);
  running = { controller, fail };
  try {
    const inStep = (step: string | undefined): void => post({ type: 'in-step', step });
    return { type: 'seen', ...(await runFlow(flow, told.task, { signal: controller.signal, trouble, inStep })) };
  } finally {
    running = undefined;
  }
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
