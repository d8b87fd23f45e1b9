import { findProgram } from '../find-program.ts';

/** Where k6 is on this machine: it is no Debian package, so tests of it are an extra. */
export function findK6(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('k6', environment['LIVEPROOF_K6'], environment);
}
