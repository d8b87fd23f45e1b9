import { createHash, randomUUID } from 'node:crypto';

export type Action = 'success' | 'start' | 'fail' | 'log' | 'ign';
type Status = 'new' | 'up' | 'down' | 'paused';

export interface Ping {
  readonly n: number;
  readonly type: Action;
  readonly atMs: number;
  readonly method: string;
  readonly ua: string;
  readonly body: string;
  readonly exitStatus?: number;
}

export interface Flip {
  readonly atMs: number;
  readonly from: Status;
  readonly to: Status;
}

export interface CheckOptions {
  readonly name: string;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** Called for every change that people are told of. */
  changed(check: Check, to: 'up' | 'down'): void;
}

export interface Check {
  readonly uuid: string;
  /** Derived from the uuid, for whoever may only read. */
  readonly uniqueKey: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly pings: readonly Ping[];
  readonly flips: readonly Flip[];
  /** Worked out from the time, whatever was written down. */
  status(): Status | 'grace';
  isStarted(): boolean;
  lastPingMs(): number | undefined;
  nextPingMs(): number | undefined;
  ping(ping: Omit<Ping, 'n' | 'atMs'>): void;
  pause(): void;
  resume(): void;
  /** Writes down that it is down, if it has been for `lateMs`; what the service does every few seconds. */
  sweep(lateMs: number): void;
}

/** One check, as the service keeps it: quiet while pinged, then in its grace, then down. */
export function createCheck({ name, timeoutMs, graceMs, changed }: CheckOptions): Check {
  const uuid = randomUUID();
  const pings: Ping[] = [];
  const flips: Flip[] = [];
  let status: Status = 'new';
  let lastPingMs: number | undefined;
  let lastStartMs: number | undefined;

  const flip = (to: Status): void => {
    if (status === to) return;
    const from = status;
    flips.push({ atMs: Date.now(), from, to });
    status = to;
    // The first ping of a new check is no news, and neither is pausing.
    if (to === 'down' || (to === 'up' && from === 'down')) changed(check, to);
  };
  const graceStartsMs = (): number | undefined => {
    const due = status === 'up' && lastPingMs !== undefined ? lastPingMs + timeoutMs : Infinity;
    const first = Math.min(due, lastStartMs !== undefined && status !== 'down' ? lastStartMs : Infinity);
    return first === Infinity ? undefined : first;
  };
  const downAfterMs = (): number => (graceStartsMs() ?? Infinity) + graceMs;

  const check: Check = {
    uuid,
    uniqueKey: createHash('sha1').update(uuid.replaceAll('-', '').slice(0, 16)).digest('hex'),
    name,
    timeoutMs,
    graceMs,
    pings,
    flips,
    status: () => {
      const now = Date.now();
      if (now >= downAfterMs()) return 'down';
      return status === 'up' && lastPingMs !== undefined && now >= lastPingMs + timeoutMs ? 'grace' : status;
    },
    isStarted: () => lastStartMs !== undefined,
    lastPingMs: () => lastPingMs,
    nextPingMs: graceStartsMs,
    ping: (ping) => {
      const atMs = Date.now();
      const type = status === 'paused' ? 'ign' : ping.type;
      pings.push({ ...ping, type, n: pings.length + 1, atMs });
      if (type === 'start') lastStartMs = atMs;
      if (type !== 'success' && type !== 'fail') return;
      lastPingMs = atMs;
      lastStartMs = undefined;
      flip(type === 'fail' ? 'down' : 'up');
    },
    pause: () => {
      flip('paused');
      lastStartMs = undefined;
    },
    resume: () => {
      flip('new');
      lastPingMs = undefined;
    },
    sweep: (lateMs) => {
      if (Date.now() < downAfterMs() + lateMs) return;
      lastStartMs = undefined;
      flip('down');
    },
  };
  return check;
}
