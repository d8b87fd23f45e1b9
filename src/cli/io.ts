import { createRedactor } from '../base/redact.ts';

/** Where text goes, whole lines at a time. */
interface TextOut {
  write(text: string): unknown;
}

/** What a command may touch of the process that runs it, so that tests can give it another one. */
export interface Io {
  readonly stdout: TextOut;
  readonly stderr: TextOut;
  /** Resolves when the output so far has been taken, so that long output is not held in memory; to false when nobody reads it any more. */
  written?(): Promise<boolean>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Keeps these values out of whatever is written from now on: also out of what nobody foresaw, such as the stack of a bug. */
  hide?(secrets: readonly string[]): void;
  /** Whether output may carry colours. */
  readonly color: boolean;
  /** The terminal's width; undefined when output goes to a file or a pipeline, which get plain lines. */
  readonly columns?: number | undefined;
}

/** The real process. Colours follow the terminal, NO_COLOR and FORCE_COLOR; `CI` turns live progress off. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const live = stdout.isTTY && env['CI'] === undefined;
  let redactor = createRedactor([]);
  const guarded = (stream: NodeJS.WriteStream): Io['stdout'] => ({
    write: (chunk: string) => stream.write(redactor.text(chunk)),
  });
  return {
    stdout: guarded(stdout),
    stderr: guarded(stderr),
    written: () => new Promise((taken) => void stdout.write('', (error) => taken(!(error instanceof Error)))),
    hide: (secrets) => void (redactor = createRedactor(secrets)),
    cwd: process.cwd(),
    env,
    now: () => new Date(),
    color: stdout.isTTY ? stdout.hasColors() : (env['FORCE_COLOR'] ?? '0') !== '0',
    columns: live ? Math.max(40, stdout.columns) : undefined,
  };
}
