import { readFileSync } from 'node:fs';
import { memoryOf, processTree } from '../../../src/browser/process-tree.ts';

const ticksPerSecond = 100;

/** Processor seconds of this process and all that came from it, those that have ended included, in bench units of the kernel. */
export async function processorSeconds(): Promise<number> {
  const tree = await processTree(process.pid);
  return tree.reduce((sum, { pid }) => sum + ticksOf(pid), 0) / ticksPerSecond;
}

function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime, stime, cutime and cstime: fields 14 to 17.
    return fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  } catch {
    return 0;
  }
}

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

/** What `flow` costs, `at` so many at a time. */
export async function costOf(flow: () => Promise<void>, { times, at }: { readonly times: number; readonly at: number }): Promise<Cost> {
  const walls: number[] = [];
  let left = times;
  const before = await processorSeconds();
  const inTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const begunMs = performance.now();
      await flow();
      walls.push(performance.now() - begunMs);
    }
  };
  await Promise.all(Array.from({ length: at }, inTurn));
  const seconds = (await processorSeconds()) - before;
  return { flowsPerCoreMinute: (times / seconds) * 60, walls };
}

export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
