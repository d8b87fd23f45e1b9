import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Each costs two questions to the file system: where it makes none, that is told at once all the same. */
const mostAttempts = 100;

/**
 * Makes a folder, and those above it that are not there. Node's own `recursive` never ends where a file system says ENOENT of a new name in a
 * folder that is there, as /proc does. Resolves with the topmost that was made, if any; rejects with the system's error.
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  let topmost: string | undefined;
  for (let attempt = 1; !(await isFolder(folder)); attempt++) {
    const parent = dirname(folder);
    if (parent !== folder) topmost = (await makeFolder(parent)) ?? topmost;
    try {
      await mkdir(folder);
      return topmost ?? folder;
    } catch (error) {
      // Somebody else may have made it meanwhile, or have taken it or the one above away.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EEXIST', 'ENOENT'].includes(code) || attempt === mostAttempts) throw error;
    }
  }
  return topmost;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
