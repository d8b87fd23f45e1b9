import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { partOf, type Part } from './part.ts';
import { isAlive, kill, processTree } from './process-tree.ts';
import { waitUntil } from './wait-until.ts';

export interface ProcessOptions {
  /** What it is to people. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** True once the process can be used; throwing means not yet. */
  readonly ready: () => Promise<boolean> | boolean;
  readonly readyWithinMs?: number;
  /** How long SIGTERM may take before SIGKILL follows. */
  readonly killAfterMs?: number;
}

export interface RunningProcess extends Part {
  readonly pid: number;
  /** The last lines that it wrote. */
  log(): string;
}

const keptLines = 40;

/** Has the kernel end a child whose parent is gone, even by kill -9; part of util-linux, so on every Debian. */
const setpriv = '/usr/bin/setpriv';

/** Ends a process as a lost machine would: without a last word. */
export async function crash(running: RunningProcess): Promise<void> {
  kill(running.pid);
  await running.stop();
}

/** Starts a child and waits until it is ready. A child that ends early or is not ready in time is an error which holds its last log lines. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, command, args, folder, environment = {}, ready, readyWithinMs = 20_000, killAfterMs = 5_000 } = options;
  const [file, ...rest] = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--', command, ...args] : [command, ...args];
  const child = execa(file ?? command, rest, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: environment,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    forceKillAfterDelay: killAfterMs,
  });
  const lines: string[] = [];
  createInterface({ input: child.all }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  const log = (): string => lines.join('\n');
  const { promise: exited, resolve: exit } = Promise.withResolvers<string>();
  child.nodeChildProcess.once('exit', (code, signal) => exit(signal ?? `exit code ${String(code)}`));
  // Execa's own promise also waits for whoever else still holds the child's output open: it is given half a second for the last words.
  const closed = child.then((result) => exit(result.shortMessage ?? 'it could not be run'), exit);
  const ended = exited.then(async (how) => {
    await Promise.race([closed, delay(500, undefined, { ref: false })]);
    child.all.destroy();
    return how;
  });

  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    const tree = child.pid === undefined ? [] : processTree(child.pid);
    child.kill('SIGTERM');
    await ended;
    // Dovecot leaves children behind that still serve a client.
    for (const pid of tree) kill(pid);
    await waitUntil(`every process of ${name} is gone`, () => !tree.some(isAlive));
  });

  const waiting = new AbortController();
  try {
    const early = ended.then((how) => {
      throw new Error(`it ended: ${how}`);
    });
    early.catch(() => undefined);
    await Promise.race([waitUntil('ready', ready, { withinMs: readyWithinMs, signal: waiting.signal }), early]);
  } catch (error) {
    throw new Error(`${name} did not start: ${error instanceof Error ? error.message : String(error)}\n${log()}`, { cause: error });
  } finally {
    waiting.abort();
  }
  if (child.pid === undefined) throw new Error(`${name} did not start: no process id`);
  return { pid: child.pid, log, ...partOf(stack.move()) };
}
