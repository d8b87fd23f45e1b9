import { Worker } from 'node:worker_threads';
import { abortable } from '../../base/abortable.ts';
import { formatDuration } from '../../base/duration.ts';
import { moduleBeside } from '../../base/module-beside.ts';
import { cannotBeLoaded, type ModuleAnswer } from './answer.ts';

/** Reads modules of checks, one after the other, as they are now: what it loaded is forgotten when it is disposed of. */
export interface ModuleReader extends AsyncDisposable {
  read(path: string): Promise<ModuleAnswer>;
}

export interface ModuleReaderOptions {
  /** Gives up what is being read. */
  readonly signal?: AbortSignal | undefined;
  /** For each. */
  readonly withinMs?: number;
}

/**
 * A module is code of somebody else: on a thread of its own it can neither end this process nor keep it from going on, and is loaded
 * anew each time. What it prints goes to stderr, since results go to stdout.
 */
export function createModuleReader({ signal = new AbortController().signal, withinMs = 30_000 }: ModuleReaderOptions = {}): ModuleReader {
  let thread: Worker | undefined;
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = undefined;
    await ending?.terminate();
  };
  const running = (): Worker => {
    if (thread !== undefined) return thread;
    const started = start();
    // Code that a module left behind may end it between two questions.
    started.on('exit', () => void (thread = thread === started ? undefined : thread));
    return (thread = started);
  };
  return {
    read: async (path) => {
      try {
        return await abortable(askThread(running(), path, withinMs), signal);
      } catch (error) {
        await end();
        return cannotBeLoaded(error);
      }
    },
    [Symbol.asyncDispose]: end,
  };
}

function start(): Worker {
  const thread = new Worker(moduleBeside(import.meta.url, 'thread'), { stdout: true });
  thread.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  thread.on('error', () => undefined);
  return thread;
}

async function askThread(thread: Worker, path: string, withinMs: number): Promise<ModuleAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ModuleAnswer>();
  const onExit = (): void => reject(new Error('it ends the process that loads it'));
  const timer = setTimeout(() => reject(new Error(`it did not come to its end within ${formatDuration(withinMs)}`)), withinMs);
  thread.on('message', resolve).on('error', reject).on('exit', onExit);
  try {
    thread.postMessage(path);
    return await promise;
  } finally {
    clearTimeout(timer);
    thread.off('message', resolve).off('error', reject).off('exit', onExit);
  }
}
