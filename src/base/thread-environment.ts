import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** This process's own, with its compile cache, which a thread does not inherit: without it loading may take longer than the work. */
export function threadEnvironment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node appends the same name, of its own version, to whatever it is given.
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}
