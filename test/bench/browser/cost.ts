import { memoryOf, processTree } from '../../../src/browser/process-tree.ts';
import type { ProcessorClock } from './processor-time.ts';

/** Megabytes of this process and all that came from it. */
export async function megabytes(): Promise<{ readonly all: number; readonly own: number }> {
  const tree = await processTree(process.pid);
  const [all = Number.NaN, own = Number.NaN] = await Promise.all([memoryOf(tree), memoryOf(tree.slice(0, 1))]);
  return { all: all / 1024 ** 2, own: own / 1024 ** 2 };
}

export interface Cost {
  readonly flowsPerCoreMinute: number;
  /** Milliseconds of each. */
  readonly walls: readonly number[];
}

interface Measured {
  readonly times: number;
  readonly at: number;
  readonly clock: ProcessorClock;
}

/** What `flow` costs, `at` so many at a time. */
export async function costOf(flow: () => Promise<void>, { times, at, clock }: Measured): Promise<Cost> {
  const walls: number[] = [];
  let left = times;
  const before = await clock.seconds();
  const inTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const begunMs = performance.now();
      await flow();
      walls.push(performance.now() - begunMs);
    }
  };
  await Promise.all(Array.from({ length: at }, inTurn));
  const seconds = (await clock.seconds()) - before;
  return { flowsPerCoreMinute: (times / seconds) * 60, walls };
}

export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
