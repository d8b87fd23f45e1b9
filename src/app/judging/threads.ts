import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../base/module-beside.ts';
import { threadEnvironment } from '../../base/thread-environment.ts';
import { askedThread, type AskedThread } from './asked-thread.ts';

/** Threads that have the judges. Disposing ends them, whatever they are doing. */
export interface JudgingThreads extends AsyncDisposable {
  readonly threads: readonly AskedThread[];
}

export interface JudgingThreadsOptions {
  /** At least 1. */
  readonly count: number;
  /** The module that they run; ours when left out. */
  readonly entry?: URL;
  /** Of each; Node's own limit when left out. */
  readonly heapMb?: number;
}

/** A third was measured to gain nothing: each has to load the judges first, and is slow until it has judged often. */
const most = 2;
/** With fewer for each, threads load longer than they judge. */
const bytesWorthAThread = 400_000;

/** How many threads a report.json is worth; one core is left to the main thread. Its size decides nothing else, and is no reason to fail before it is read. */
export function threadsWorth(reportPath: string, cores = availableParallelism()): number {
  return Math.max(1, Math.min(most, cores - 1, Math.ceil(sizeOf(reportPath) / bytesWorthAThread)));
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

const ownEntry = moduleBeside(import.meta.url, 'thread');

/** As deep as the main thread's: what exhausts it there exhausts it here, where the default is four times that. */
const stackSizeMb = 1.16;

/** Starts threads. This file stands on next to nothing, so that they load while the main thread does. */
export function startThreads({ count, entry = ownEntry, heapMb }: JudgingThreadsOptions): JudgingThreads {
  const resourceLimits = { stackSizeMb, ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }) };
  const threads = Array.from({ length: count }, () => askedThread(new Worker(entry, { resourceLimits, env: threadEnvironment() })));
  return {
    threads,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}
