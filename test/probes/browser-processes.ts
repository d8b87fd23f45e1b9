import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { eventually } from '../../src/base/eventually.ts';

export interface Marked extends AsyncDisposable {
  /** Where every file of a browser would be. */
  readonly folder: string;
  /** Processes that were started from here, this one left out. */
  processes(): Promise<number[]>;
  commands(): Promise<readonly string[]>;
  signalAll(signal: NodeJS.Signals, which?: RegExp): Promise<void>;
  waitFor(condition: (pids: readonly number[]) => boolean): Promise<boolean>;
}

/** Every process that is started from here inherits a mark, and every file that it leaves is in one folder. */
export async function markProcesses(): Promise<Marked> {
  const mark = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'liveproof-browser-'));
  const before = process.env['TMPDIR'];
  process.env['LIVEPROOF_TEST_MARK'] = mark;
  process.env['TMPDIR'] = folder;
  const processes = async (): Promise<number[]> => {
    const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
    const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => '')));
    return pids.filter((_pid, index) => environments[index]?.includes(mark));
  };
  const commandOf = (pid: number): Promise<string> => readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
  return {
    folder,
    processes,
    commands: async () => Promise.all((await processes()).map(commandOf)),
    signalAll: async (signal, which = /./) => {
      for (const pid of await processes()) {
        if (!which.test(await commandOf(pid))) continue;
        try {
          process.kill(pid, signal);
        } catch {
          // One that ended because another one did.
        }
      }
    },
    waitFor: async (condition) => {
      const look = async (): Promise<true | undefined> => (condition(await processes()) ? true : undefined);
      const limits = { clock: systemClock, signal: new AbortController().signal, withinMs: 30_000, everyMs: 20 };
      return (await eventually(look, limits)) === true;
    },
    [Symbol.asyncDispose]: async () => {
      delete process.env['LIVEPROOF_TEST_MARK'];
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
