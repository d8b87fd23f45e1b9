import type { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';

/** A thread that gives one answer to each message, in their order. */
export interface AskedThread {
  /** Rejects with what the thread threw, and with the Fault `report/not-judged` when it ended without an answer. */
  ask(message: object): Promise<unknown>;
  /** Ends the thread, whatever it is doing. */
  end(): Promise<void>;
}

export function askedThread(worker: Worker): AskedThread {
  const waiting: ((answer: unknown) => void)[] = [];
  const ended = Promise.withResolvers<never>();
  // It may end before anybody asks: whoever asks later is told then.
  ended.promise.catch(() => undefined);
  worker.on('message', (answer: unknown) => waiting.shift()?.(answer));
  worker.once('messageerror', (error) => ended.reject(notJudged('gave an answer that cannot be read', error)));
  worker.once('error', (error: NodeJS.ErrnoException) =>
    ended.reject(isOutOfMemory(error) ? notJudged('ran out of memory', error) : error),
  );
  worker.once('exit', (code) => ended.reject(notJudged(`ended with code ${String(code)} before it had answered`)));
  return {
    ask: (message) => {
      const { promise, resolve } = Promise.withResolvers();
      waiting.push(resolve);
      worker.postMessage(message);
      return Promise.race([promise, ended.promise]);
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function isOutOfMemory({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || code === 'ERR_WORKER_INIT_FAILED';
}

function notJudged(what: string, cause?: unknown): Fault {
  return new Fault('report/not-judged', `a thread that judges the items ${what}, so nothing can be said of the report`, {
    hint: 'give it more memory, and try again',
    cause,
  });
}
