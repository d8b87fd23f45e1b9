import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Disturbance } from '../database/database.ts';
import { pause } from '../paced.ts';

/** What goes wrong inside a marked request. */
export interface Mark {
  /** Waited inside every database query. */
  readonly slowByMs?: number | undefined;
  /** Changes the SQL that reaches SQLite. */
  readonly rewrite?: ((sql: string) => string) | undefined;
  /** The forecast worker gives wrong sums. */
  readonly skew?: boolean | undefined;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Faults reach only the requests that carry their key in this header: the fault's own. Everyone else goes on undisturbed,
 * so the number of failures is exact and a gate can prove other things at the same time.
 */
export const faultHeader = 'x-accubooks-fault';

export interface Disturbances extends Disturbance {
  /** Returns the header that marks a request, and how to make it void again. */
  arm(mark: Mark): { readonly headers: Readonly<Record<string, string>>; readonly disarm: () => void };
  /** Disturbs every request, marked or not, until the signal aborts. */
  slowEveryone(ms: number, signal: AbortSignal): void;
  within<Result>(key: string | undefined, work: () => Promise<Result>): Promise<Result>;
  skewed(): boolean;
}

export function createDisturbances(): Disturbances {
  const armed = new Map<string, Mark>();
  const current = new AsyncLocalStorage<Mark>();
  let everyone: Mark | undefined;
  return {
    pause: async () => {
      const mark = current.getStore() ?? everyone;
      if (mark?.slowByMs !== undefined) await pause(mark.slowByMs, mark.signal);
    },
    rewrite: (sql) => current.getStore()?.rewrite?.(sql) ?? sql,
    skewed: () => current.getStore()?.skew === true,
    arm: (mark) => {
      const key = randomUUID();
      armed.set(key, mark);
      return { headers: { [faultHeader]: key }, disarm: () => void armed.delete(key) };
    },
    slowEveryone: (slowByMs, signal) => {
      const mark = { slowByMs, signal };
      everyone = mark;
      signal.addEventListener('abort', () => {
        if (everyone === mark) everyone = undefined;
      });
    },
    within: (key, work) => {
      const mark = key === undefined ? undefined : armed.get(key);
      return mark === undefined ? work() : current.run(mark, work);
    },
  };
}
