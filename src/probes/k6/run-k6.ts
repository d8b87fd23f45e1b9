import { spawn } from 'node:child_process';
import { Fault } from '../../base/fault.ts';
import { shortened } from '../../base/shortened.ts';
import type { K6Observation } from './observation.ts';

/** Longer lines of the log are cut. */
const longestLine = 16_384;
const longestWords = 1_000;

export interface K6Run {
  readonly ending: Exclude<K6Observation['ending'], { readonly type: 'out-of-time' }>;
  readonly exceptions?: K6Observation['exceptions'];
  readonly lastError?: string | undefined;
}

/** Runs k6 in a process group of its own, and ends all of it at once when the signal aborts. Keeps little of what it says, however much that is. */
export async function runK6(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<K6Run> {
  const { promise, resolve, reject } = Promise.withResolvers<K6Run['ending']>();
  const child = spawn(program, words, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: environment });
  const killAll = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of them have ended by themselves.
    }
  };
  const onAbort = (): void => {
    killAll();
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  process.once('exit', killAll);
  const log = readLog();
  child.stderr.setEncoding('utf8').on('data', log.add);
  child.on('error', (error) => reject(cannotRun(program, error)));
  child.on('exit', (code, killedBy) =>
    resolve(code === null ? { type: 'killed', signal: killedBy ?? 'unknown' } : { type: 'exited', code }),
  );
  try {
    return { ending: await promise, ...log.found() };
  } finally {
    signal.removeEventListener('abort', onAbort);
    process.removeListener('exit', killAll);
    // What a script has started may outlive k6 itself.
    killAll();
    child.stderr.destroy();
  }
}

function readLog() {
  let rest = '';
  let count = 0;
  let first: string | undefined;
  let lastError: string | undefined;
  const read = (line: string): void => {
    const { level, msg, source } = parseLine(line);
    if (level !== 'error' || msg === undefined) return;
    const words = shortened(msg.trim().replace(/\s+/g, ' '), longestWords);
    if (source !== 'stacktrace') lastError = words;
    else {
      count += 1;
      first ??= words;
    }
  };
  return {
    add: (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = shortened(lines.pop() ?? '', longestLine);
      lines.forEach((line) => read(shortened(line, longestLine)));
    },
    found: () => {
      read(rest);
      return { ...(first === undefined ? {} : { exceptions: { count, first } }), ...(lastError === undefined ? {} : { lastError }) };
    },
  };
}

function parseLine(line: string): { readonly level?: string; readonly msg?: string; readonly source?: string } {
  try {
    const parsed: unknown = JSON.parse(line);
    const { level, msg, source } = (parsed ?? {}) as Record<string, unknown>;
    return { level: String(level), ...(typeof msg === 'string' ? { msg } : {}), source: String(source) };
  } catch {
    // k6 says plainly what it thinks of its own arguments.
    return line.trim() === '' ? {} : { level: 'error', msg: line };
  }
}

function cannotRun(program: string, error: Error): Fault {
  if ('code' in error && error.code === 'ENOENT') {
    return new Fault('tool/missing', `k6 is not on this machine (${program})`, {
      hint: 'install it from https://grafana.com/docs/k6/latest/set-up/install-k6, or say where it is with "program" or LIVEPROOF_K6',
      cause: error,
    });
  }
  return new Fault('tool/failed', `k6 cannot be run: ${error.message}`, { cause: error });
}
