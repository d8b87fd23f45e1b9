import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { moduleBeside } from '../../base/module-beside.ts';
import type { Answer, Calls, Question, ThreadData } from './protocol.ts';

/** Asks the thread; rejects with its Fault, or with whatever ended it. */
export type CallThread = <Name extends keyof Calls>(call: Name, ...values: Parameters<Calls[Name]>) => Promise<ReturnType<Calls[Name]>>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What the thread makes is gone soon: with the usual 48 MB for new objects it would only be noticed later. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

/** Starts a thread, which ends when it is told to close. A process does not stay alive for it while nothing is asked. */
export function startThread(data: ThreadData): CallThread {
  const thread = new Worker(moduleBeside(import.meta.url, 'thread'), { workerData: data, resourceLimits });
  const pending = new Map<number, Pending>();
  let last = 0;
  let ended: Error | undefined;
  const settled = (id: number): Pending | undefined => {
    const asked = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) thread.unref();
    return asked;
  };
  const endAll = (error: Error): void => {
    ended ??= error;
    for (const id of pending.keys()) settled(id)?.reject(ended);
  };
  thread.on('message', (answer: Answer) => {
    const asked = settled(answer.id);
    if ('value' in answer) asked?.resolve(answer.value);
    else if ('bug' in answer) asked?.reject(answer.bug);
    else asked?.reject(new Fault(answer.fault.code, answer.fault.message, { hint: answer.fault.hint }));
  });
  thread.on('error', endAll);
  thread.on('exit', () => endAll(new Error(`the store ${data.file} is closed`)));
  thread.unref();
  return (call, ...values) => {
    if (ended !== undefined) return Promise.reject(ended);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(++last, { resolve, reject });
    thread.ref();
    thread.postMessage({ id: last, call, values } satisfies Question);
    return promise as Promise<never>;
  };
}
