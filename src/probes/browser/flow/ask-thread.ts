import type { Worker } from 'node:worker_threads';
import { ranOutOfTime } from '../../../base/abortable.ts';
import { Fault } from '../../../base/fault.ts';
import type { FlowAnswer, FromFlowThread, ToFlowThread } from './thread.ts';
import { FlowTrouble } from './trouble.ts';

/** After time is up, for the last looks (run-flow.ts): together with ending the thread no more than the second that a probe has then. */
const lastWordsMs = 850;

/** How trouble of the thread is told, each by what happened. */
export interface Words {
  exited(code: number): FlowTrouble;
  threw(says: string): FlowTrouble;
  /** It did not even hear that time is up. */
  readonly tooLong: () => FlowTrouble;
}

type Answered = Exclude<FlowAnswer, { readonly type: 'fault' | 'bug' }>;

/** One question, and its answer. `words`: for the step in which the thread is. */
export async function askThread(
  worker: Worker,
  told: ToFlowThread,
  signal: AbortSignal,
  words: (step: string | undefined) => Words,
): Promise<Answered> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<FlowAnswer>();
  let step: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hurries = false;
  const onMessage = (said: FromFlowThread): void => {
    if (said.type === 'in-step') step = said.step;
    else if (said.type === 'hurries') hurries = true;
    else resolve(said);
  };
  const onError = (error: NodeJS.ErrnoException): void =>
    reject(words(step).threw(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : error.message));
  const onExit = (code: number): void => reject(words(step).exited(code));
  const onAbort = (): void => {
    if (!ranOutOfTime(signal)) return reject(signal.reason as Error);
    worker.postMessage({ type: 'time-up' } satisfies ToFlowThread);
    // Where this process is late itself, what the thread has said by then is heard first.
    timer = setTimeout(() => setImmediate(() => reject(hurries ? tooSlow() : words(step).tooLong())), lastWordsMs);
  };
  worker.ref();
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    worker.postMessage(told);
    return answered(await promise);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    // One that waits must not keep the process alive.
    worker.unref();
  }
}

/** The flow gave back control, but Chromium, or this machine, did not manage the last looks. */
function tooSlow(): Fault {
  const hint = 'is this machine short of memory, of /dev/shm, or of processor time?';
  return new Fault('probe/cannot-run', 'the last looks at the page did not come to an end when the time of the check was up', { hint });
}

function answered(answer: FlowAnswer): Answered {
  switch (answer.type) {
    case 'fault':
      throw answer.isOfFlow
        ? new FlowTrouble(answer.message, answer.hint)
        : new Fault('probe/cannot-run', answer.message, { hint: answer.hint });
    case 'bug':
      throw Object.assign(new Error(answer.message), { stack: answer.stack });
    case 'loaded':
    case 'seen':
      return answer;
  }
}
