import type { Batch, Job } from './queue.ts';

/** Jobs that may wait: they start one at a time, at their own pace, and only when nobody else is waiting. */
export interface BatchLane {
  add(batch: Batch): Promise<void>;
  /** The next job, if it is time for one. */
  next(): Job | undefined;
  waiting(): number;
  withdraw(): void;
}

/** `ready` is called when a job may start that could not a moment ago. */
export function createBatchLane(ready: () => void): BatchLane {
  let jobs: Job[] = [];
  let everyMs = 0;
  let notBeforeMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const withdraw = (mine: ReadonlySet<Job>): void => {
    const withdrawn = jobs.filter((job) => mine.has(job));
    jobs = jobs.filter((job) => !mine.has(job));
    for (const job of withdrawn) job.reject(new Error('withdrawn'));
  };
  return {
    add: async ({ input, count, everyMs: pace, signal }) => {
      everyMs = pace;
      const mine = new Set<Job>();
      const ended = Array.from({ length: count }, () => {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        mine.add({ input, skew: false, resolve, reject });
        return promise.catch(() => undefined);
      });
      jobs.push(...mine);
      const stop = (): void => withdraw(mine);
      signal.addEventListener('abort', stop, { once: true });
      ready();
      await Promise.all(ended);
      signal.removeEventListener('abort', stop);
    },
    next: () => {
      const leftMs = notBeforeMs - performance.now();
      if (jobs.length === 0) return undefined;
      if (leftMs > 0) {
        clearTimeout(timer);
        timer = setTimeout(ready, leftMs);
        timer.unref();
        return undefined;
      }
      notBeforeMs = performance.now() + everyMs;
      return jobs.shift();
    },
    waiting: () => jobs.length,
    withdraw: () => withdraw(new Set(jobs)),
  };
}
