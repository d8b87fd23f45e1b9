import { readdir, readFile } from 'node:fs/promises';

/** Process ids are given out again: only together with its beginning one names a process. */
export interface Running {
  readonly pid: number;
  readonly began?: string | undefined;
}

/** The processes that come from `pid`, itself first; itself alone where the kernel does not tell. */
export async function processTree(pid: number): Promise<readonly Running[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(async (each) => ({ pid: each, ...(await statOf(each)) })));
  const tree: Running[] = [all.find((each) => each.pid === pid) ?? { pid }];
  for (const { pid: parent } of tree) tree.push(...all.filter((each) => each.parent === parent));
  return tree;
}

async function statOf(pid: number): Promise<{ readonly parent?: number; readonly began?: string | undefined }> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  // The name in brackets may hold spaces and brackets of its own; the beginning is field 22.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? {} : { parent: Number(fields[1]), began: fields[19] };
}

/** Ends at once those that still run. */
export async function killAll(running: readonly Running[]): Promise<void> {
  for (const { pid, began } of running) {
    if ((await statOf(pid)).began !== began) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** What the processes hold of the machine's memory in bytes, shared pages divided among their users; undefined where the kernel does not tell. */
export async function memoryOf(running: readonly Running[]): Promise<number | undefined> {
  const rollups = await Promise.all(running.map(({ pid }) => readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8').catch(() => '')));
  const kilobytes = rollups.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0), 0);
  return kilobytes === 0 ? undefined : kilobytes * 1024;
}
