import { createReadStream } from 'node:fs';
import { access, glob, readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Fault, type Place } from '../base/fault.ts';
import { closest } from '../base/closest.ts';

/** How files are reached; another way than the disk can be given. Each rejects with a system error (`code`) when there is no such thing. */
export interface Files {
  read(path: string): Promise<string>;
  /** Resolves when the file exists; what is in it may be large and is not asked for. */
  find(path: string): Promise<unknown>;
  /** The names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** The files below a folder that match a pattern such as `checks/*.yaml`, named relative to it; none when there is no such folder. */
  match(folder: string, pattern: string): Promise<readonly string[]>;
}

/** In any script more text than configuration may hold, so what is cut off here is refused for its length. */
const mostBytes = 4 * 1024 * 1024;

export const disk: Files = {
  read: async (path) => (await buffer(createReadStream(path, { end: mostBytes - 1 }))).toString('utf8'),
  find: (path) => access(path),
  list: (folder) => readdir(folder),
  match: (folder, pattern) => Array.fromAsync(glob(pattern, { cwd: folder, exclude: (name) => name === 'node_modules' })),
};

/** What came of reaching for a file. */
export type Reached<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly fault: Fault };

/** Reaches for a file. One that cannot be reached is a fault that stands where the file was named (nowhere, when on the command line). */
export async function reach<Result>(
  files: Files,
  path: string,
  action: (path: string) => Promise<Result>,
  named?: Place,
): Promise<Reached<Result>> {
  try {
    return { ok: true, result: await action(path) };
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason === undefined) throw cause;
    return {
      ok: false,
      fault: new Fault('config/not-found', `${path} ${reason}`, { hint: await nearby(files, path), place: named, cause }),
    };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EISDIR':
      return 'is a folder, not a file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read';
    default:
      return `cannot be read: ${error.message}`;
  }
}

/** What is there instead: the file or folder that was probably meant, else what the folder holds. */
async function nearby(files: Files, path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const entries = await listed(files, folder);
  if (entries === undefined) {
    const siblings = dirname(folder) === folder ? undefined : await listed(files, dirname(folder));
    const near = siblings && closest(basename(folder), siblings);
    return near === undefined ? `there is no folder ${folder}` : `did you mean ${join(dirname(folder), near, basename(path))}?`;
  }
  const near = closest(basename(path), entries);
  if (near !== undefined && near !== basename(path)) return `did you mean ${join(folder, near)}?`;
  const alike = entries.filter((entry) => extname(entry) === extname(path)).toSorted();
  return alike.length === 0 ? undefined : `in ${folder} there are: ${alike.slice(0, 10).join(', ')}${alike.length > 10 ? ', …' : ''}`;
}

async function listed(files: Files, folder: string): Promise<readonly string[] | undefined> {
  try {
    return await files.list(folder);
  } catch (error) {
    if (reasonOf(error) === undefined) throw error;
    return undefined;
  }
}
