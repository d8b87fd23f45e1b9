import type { Writable } from 'node:stream';

/** What a command may touch of the process that runs it, so that tests can give it another one. */
export interface Io {
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Whether output may carry colours. */
  readonly color: boolean;
  /** The terminal's width; undefined when output goes to a file or a pipeline, which get plain lines. */
  readonly columns?: number | undefined;
}

/** The real process. Colours follow the terminal, NO_COLOR and FORCE_COLOR; `CI` turns live progress off. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const live = stdout.isTTY && env['CI'] === undefined;
  return {
    stdout,
    stderr,
    cwd: process.cwd(),
    env,
    now: () => new Date(),
    color: stdout.isTTY ? stdout.hasColors() : (env['FORCE_COLOR'] ?? '0') !== '0',
    columns: live ? Math.max(40, stdout.columns) : undefined,
  };
}
