import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { markPattern, stateOfMark } from '../base/process-mark.ts';

/** A folder of a run that cannot be seen from here (another machine, another container) is left alone for so long. */
const leftAloneMs = 24 * 3_600_000;

/** Removes the folders and files `<prefix><mark>` of runs and commands that are over, and ends what still runs in them: a browser that hangs. */
export async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  const marked = new RegExp(`^${RegExp.escape(prefix)}(${markPattern})$`);
  for (const name of await readdir(parent).catch(() => [])) {
    const [, mark] = marked.exec(name) ?? [];
    const path = join(parent, name);
    if (mark === undefined || !(await isOurs(path, mark))) continue;
    await endProcessesIn(path);
    // A file that appears meanwhile, or one that somebody else has put there, is seen to by the run after this one.
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Everybody may write to a machine's folder for temporary files: what others have put there under such a name is not ours to remove. */
async function isOurs(path: string, mark: string): Promise<boolean> {
  const state = stateOfMark(mark);
  if (state === 'alive') return false;
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !(found.isDirectory() || found.isFile()) || found.uid !== process.getuid?.()) return false;
  return state === 'dead' || Date.now() - found.mtimeMs > leftAloneMs;
}

/** Those that were told to keep their files there: Chromium ends by itself with its run, unless it hangs. */
async function endProcessesIn(folder: string): Promise<void> {
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.split('\0').some((argument) => argument.startsWith(`--user-data-dir=${folder}/`))) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }
}
