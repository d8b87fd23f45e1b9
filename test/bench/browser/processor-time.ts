import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processTree } from '../../../src/browser/process-tree.ts';

const ticksPerSecond = 100;

export interface ProcessorClock extends Disposable {
  /** Processor seconds of this process and of all that came from it, those that have ended included. */
  seconds(): Promise<number>;
  /** How they are counted, for whoever reads the figures. */
  readonly countedBy: string;
}

/**
 * By a control group of the kernel (version 2), which counts every process. Where none may be made, by the tree of processes: that
 * leaves out what ends without being waited for by its parent, as Chromium's renderers do when a browser is closed, and so flatters
 * whoever closes a browser after each flow.
 */
export function startProcessorClock(): ProcessorClock {
  return ofControlGroup() ?? { seconds: secondsOfTree, countedBy: 'the tree of processes', [Symbol.dispose]: () => undefined };
}

function ofControlGroup(): ProcessorClock | undefined {
  try {
    const mount = /^\d+ \d+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8'))?.[1] ?? '';
    const own = path.join(mount, /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '');
    const group = path.join(own, `liveproof-bench-${String(process.pid)}`);
    const enter = (folder: string): void => {
      writeFileSync(path.join(folder, 'cgroup.procs'), String(process.pid));
    };
    const seconds = (): number => Number(/^usage_usec (\d+)$/m.exec(readFileSync(path.join(group, 'cpu.stat'), 'utf8'))?.[1]) / 1e6;
    mkdirSync(group);
    seconds();
    enter(group);
    return {
      seconds: () => Promise.resolve(seconds()),
      countedBy: 'a control group',
      [Symbol.dispose]() {
        enter(own);
        try {
          rmdirSync(group);
        } catch {
          // Something that failed has left processes in it; it is empty when they have ended, and costs nothing.
        }
      },
    };
  } catch {
    return undefined;
  }
}

async function secondsOfTree(): Promise<number> {
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
