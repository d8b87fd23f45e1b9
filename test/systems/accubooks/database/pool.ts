import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** No connection could be had: the database cannot be opened, or all connections were in use for too long. */
export class ConnectionUnavailable extends Error {
  override readonly name = 'ConnectionUnavailable';
}

export interface PoolOptions {
  readonly max: number;
  readonly timeoutMs: number;
  /** Told how long every caller waited for its connection. */
  waited(ms: number): void;
  /** Told every time that no connection could be had. */
  failed(): void;
}

/** Connections to one SQLite file, opened when they are needed, lent to one caller at a time, first come first served. */
export interface Pool {
  readonly max: number;
  inUse(): number;
  waiting(): number;
  /** Lends a connection until `work` settles. */
  use<Result>(work: (connection: DatabaseSync) => Promise<Result>): Promise<Result>;
  /** From now on SQLite is asked to open a file that is not there. */
  disconnect(): void;
  reconnect(): void;
  close(): void;
}

interface Waiter {
  readonly serve: (connection: DatabaseSync) => void;
  readonly refuse: (error: Error) => void;
}

/** Idle connections beyond these are closed, so that a burst does not keep its file handles for ever. */
const keptIdle = 10;

export function createPool({ max, timeoutMs, waited, failed }: PoolOptions): Pool {
  const folder = mkdtempSync(join(tmpdir(), 'accubooks-'));
  const waiters: Waiter[] = [];
  let idle: DatabaseSync[] = [];
  let openCount = 0;
  let state: 'connected' | 'disconnected' | 'closed' = 'connected';

  const open = (): DatabaseSync => {
    if (state === 'closed') throw new ConnectionUnavailable('the database is closed');
    const file = state === 'connected' ? join(folder, 'accubooks.db') : join(folder, 'gone', 'accubooks.db');
    try {
      const connection = new DatabaseSync(file);
      connection.exec('pragma journal_mode = wal; pragma synchronous = off');
      openCount += 1;
      return connection;
    } catch (error) {
      throw new ConnectionUnavailable('the database cannot be opened', { cause: error });
    }
  };

  const discard = (connection: DatabaseSync): void => {
    connection.close();
    openCount -= 1;
  };

  const wait = (): Promise<DatabaseSync> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        reject(new ConnectionUnavailable(`no connection became free within ${String(timeoutMs)} ms`));
      }, timeoutMs);
      const waiter: Waiter = {
        serve: (connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      waiters.push(waiter);
    });

  const take = async (): Promise<DatabaseSync> => {
    const startedMs = performance.now();
    try {
      const connection = idle.pop() ?? (openCount < max ? open() : await wait());
      waited(performance.now() - startedMs);
      return connection;
    } catch (error) {
      failed();
      throw error;
    }
  };

  const giveBack = (connection: DatabaseSync): void => {
    if (state !== 'connected') {
      discard(connection);
      for (const waiter of waiters.splice(0)) waiter.refuse(new ConnectionUnavailable('the database went away'));
      return;
    }
    const waiter = waiters.shift();
    if (waiter !== undefined) waiter.serve(connection);
    else if (idle.length < keptIdle) idle.push(connection);
    else discard(connection);
  };

  const dropIdle = (): void => {
    idle.forEach(discard);
    idle = [];
  };

  return {
    max,
    inUse: () => openCount - idle.length,
    waiting: () => waiters.length,
    use: async (work) => {
      const connection = await take();
      try {
        return await work(connection);
      } finally {
        giveBack(connection);
      }
    },
    disconnect: () => {
      state = 'disconnected';
      dropIdle();
    },
    reconnect: () => {
      if (state === 'disconnected') state = 'connected';
    },
    close: () => {
      state = 'closed';
      dropIdle();
      for (const waiter of waiters.splice(0)) waiter.refuse(new ConnectionUnavailable('the database is closed'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
