import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where k6 is on this machine: it is no Debian package, so tests of it are an extra. */
export function findK6(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment['LIVEPROOF_K6'];
  const places = (environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'k6'));
  return [...(named === undefined ? [] : [named]), ...places].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
