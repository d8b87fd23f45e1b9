import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program that `named` says, or else the first of that name on the PATH. */
export function findProgram(name: string, named: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const places = (environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return [...(named === undefined ? [] : [named]), ...places].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
