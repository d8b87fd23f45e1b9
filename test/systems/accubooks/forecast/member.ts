import { Worker } from 'node:worker_threads';
import type { ForecastInput, ForecastResult } from './model.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** One worker thread that calculates one forecast at a time. */
export interface Member {
  /** Resolves with the result, or with what went wrong; a job that takes too long ends with its worker. */
  calculate(input: ForecastInput, skew: boolean, timeoutMs: number): Promise<ForecastResult | Error>;
  /** Whether the thread reacts within a second. */
  answers(): Promise<boolean>;
  dismiss(): Promise<void>;
  readonly gone: Promise<void>;
}

const answerTimeoutMs = 1_000;

/** Resolves when the thread has answered for the first time. */
export async function startMember(): Promise<Member> {
  const worker = new Worker(new URL('worker.ts', import.meta.url));
  const expected: ((answer: WorkerAnswer) => void)[] = [];
  let failure: Error | undefined;
  worker.on('message', (answer: WorkerAnswer) => expected.shift()?.(answer));
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  // A thread answers in the order in which it was asked, so the oldest question gets the next answer.
  const ask = (request: WorkerRequest, timeoutMs: number): Promise<WorkerAnswer | 'gone' | 'late'> => {
    const answer = new Promise<WorkerAnswer>((resolve) => expected.push(resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
    });
    worker.postMessage(request);
    return Promise.race([answer, late, gone.then(() => 'gone' as const)]).finally(() => clearTimeout(timer));
  };

  const first = await ask({ kind: 'ping' }, 30_000);
  if (typeof first === 'string') throw failure ?? new Error('a forecast worker did not start');

  return {
    calculate: async (input, skew, timeoutMs) => {
      const answer = await ask({ kind: 'job', input, skew }, timeoutMs);
      if (answer === 'late') {
        await worker.terminate();
        return new Error(`no forecast within ${String(timeoutMs)} ms`);
      }
      if (answer === 'gone') return failure ?? new Error('the worker was stopped');
      if (answer.kind === 'done') return answer.result;
      return new Error(answer.kind === 'failed' ? answer.message : 'the worker gave no result');
    },
    answers: async () => typeof (await ask({ kind: 'ping' }, answerTimeoutMs)) !== 'string',
    dismiss: async () => void (await worker.terminate()),
    gone,
  };
}
