import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../base/module-beside.ts';
import type { Kept } from '../../check/probe.ts';

/** More are not kept while nobody needs them. */
const mostIdle = 4;
/** After so many runs a thread is replaced, whatever its client may have gathered. */
const mostRuns = 500;

/** Threads that ask databases, one run at a time each. */
export interface Workers extends AsyncDisposable {
  take(): Worker;
  /** Only of one that came to the end of its run by itself. */
  giveBack(worker: Worker): Promise<void>;
}

/** Those that outlive a run; without them, a thread for this run alone. */
export async function workersFor(kept: Kept | undefined): Promise<Workers> {
  if (kept !== undefined) return kept.get('sql workers', () => Promise.resolve(openWorkers()));
  return { take: startWorker, giveBack: endWorker, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function openWorkers(): Workers {
  const idle: Worker[] = [];
  const runs = new WeakMap<Worker, number>();
  let isClosed = false;
  const drop = (worker: Worker): void => {
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
  };
  return {
    take: () => {
      const found = idle.pop();
      found?.ref();
      if (found !== undefined) return found;
      const worker = startWorker();
      return worker.on('error', () => drop(worker)).on('exit', () => drop(worker));
    },
    giveBack: async (worker) => {
      const count = (runs.get(worker) ?? 0) + 1;
      runs.set(worker, count);
      if (isClosed || idle.length >= mostIdle || count >= mostRuns) return endWorker(worker);
      // One that waits must not keep the process alive.
      worker.unref();
      idle.push(worker);
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      await Promise.all(idle.splice(0).map(endWorker));
    },
  };
}

function startWorker(): Worker {
  return new Worker(moduleBeside(import.meta.url, 'worker'), {
    resourceLimits: { maxOldGenerationSizeMb: 96 },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
}

async function endWorker(worker: Worker): Promise<void> {
  await worker.terminate();
}
