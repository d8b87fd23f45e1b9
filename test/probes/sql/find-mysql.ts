import { execFileSync } from 'node:child_process';
import { findProgram } from '../find-program.ts';

/** Where MySQL's server is on this machine: Debian has none, so tests of it are an extra. Its MariaDB has a `mysqld` too, and says so. */
export function findMysql(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = findProgram('mysqld', environment['LIVEPROOF_MYSQLD'], environment);
  if (file === undefined) return undefined;
  try {
    return /mariadb/i.test(execFileSync(file, ['--version'], { encoding: 'utf8', stdio: 'pipe' })) ? undefined : file;
  } catch {
    return undefined;
  }
}
