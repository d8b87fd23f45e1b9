import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** `<process id>-<when it began>-<thread>-<machine>-<random>`: names of files carry it, so that whoever finds one can tell whether its maker still runs. */
export type ProcessMark = string;

const shape = /^(\d+)-(\d+)-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/;

/** The pattern of a mark, to be put into the pattern of a file's name. */
export const markPattern = String.raw`\d+-\d+-\d+-[0-9a-f]{8}-[0-9a-f]{8}`;

/** In this thread, of whose process the id says nothing about whether a run of it is over. */
const held = new Set<ProcessMark>();

/** A mark of its own for one run in this process; `release` it when the run is over. */
export function holdMark(): { readonly mark: ProcessMark; release(): void } {
  const mark = `${String(process.pid)}-${beganAt(process.pid) ?? '0'}-${String(threadId)}-${place()}-${randomBytes(4).toString('hex')}`;
  held.add(mark);
  return { mark, release: () => void held.delete(mark) };
}

/** `elsewhere`: made on another machine, before a restart or in another container; its processes cannot be seen from here. */
export function stateOfMark(mark: ProcessMark): 'alive' | 'dead' | 'elsewhere' {
  const [, pid = '', began, thread, machine] = shape.exec(mark) ?? [];
  if (machine !== place()) return 'elsewhere';
  if (Number(pid) === process.pid && began === (beganAt(process.pid) ?? '0')) {
    // What other threads hold cannot be seen from here either.
    return held.has(mark) || thread !== String(threadId) ? 'alive' : 'dead';
  }
  // Process ids are given out again: only together with its beginning one names a process.
  return beganAt(Number(pid)) === began ? 'alive' : 'dead';
}

/** When a running process began, in units of its system; undefined when it does not run. */
function beganAt(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return beganByPs(pid);
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets of its own; the state is field 3 and the beginning field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function beganByPs(pid: number): string | undefined {
  const began = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 5_000,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  const ms = Date.parse(`${began.trim()} UTC`);
  return Number.isNaN(ms) ? undefined : String(ms);
}

/** Where a process id means something: this start of this machine, and this container of it. */
function place(): string {
  return createHash('sha256').update(placeText()).digest('hex').slice(0, 8);
}

function placeText(): string {
  if (process.platform !== 'linux') return hostname();
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
