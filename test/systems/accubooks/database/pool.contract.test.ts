import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConnectionUnavailable, createPool, type Pool, type PoolOptions } from './pool.ts';

function watchedPool(options: Partial<PoolOptions> = {}) {
  const waits: number[] = [];
  const failures: number[] = [];
  const pool = createPool({ max: 2, timeoutMs: 5_000, waited: (ms) => waits.push(ms), failed: () => failures.push(1), ...options });
  return { pool, waits, failures, [Symbol.dispose]: () => pool.close() };
}

/** Holds a connection until it is told to let go. */
function hold(pool: Pool): { readonly held: Promise<void>; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { held: pool.use(() => promise), release: resolve };
}

describe('a pool', () => {
  test('opens connections when they are needed, and lends each to one caller at a time', async () => {
    using watched = watchedPool();
    const { pool } = watched;
    expect(pool.inUse()).toBe(0);
    const [first, second] = [hold(pool), hold(pool)];
    expect(pool.inUse()).toBe(2);
    first.release();
    second.release();
    await Promise.all([first.held, second.held]);
    expect(pool.inUse()).toBe(0);
  });

  test('lets callers queue when all are lent, first come first served, and times their wait', async () => {
    using watched = watchedPool({ max: 1 });
    const { pool, waits } = watched;
    const order: string[] = [];
    const first = hold(pool);
    const queued = ['second', 'third'].map((name) => pool.use(() => Promise.resolve(order.push(name))));
    expect(pool.waiting()).toBe(2);
    expect(waits).toHaveLength(1);
    first.release();
    await Promise.all([first.held, ...queued]);
    expect(order).toEqual(['second', 'third']);
    expect(waits).toHaveLength(3);
    expect(waits[1]).toBeGreaterThan(0);
    expect(pool.waiting()).toBe(0);
  });

  test('refuses who waited too long, and counts it', async () => {
    using watched = watchedPool({ max: 1, timeoutMs: 20 });
    const { pool, failures } = watched;
    const first = hold(pool);
    await expect(pool.use(() => Promise.resolve())).rejects.toThrow(ConnectionUnavailable);
    expect(failures).toHaveLength(1);
    first.release();
    await first.held;
    expect(await pool.use(() => Promise.resolve('served'))).toBe('served');
  });

  test('takes a connection back from work that failed', async () => {
    using watched = watchedPool({ max: 1 });
    const { pool } = watched;
    await expect(pool.use(() => Promise.reject(new Error('no such table')))).rejects.toThrow('no such table');
    expect(pool.inUse()).toBe(0);
    expect(await pool.use(() => Promise.resolve('served'))).toBe('served');
  });

  test('cannot open anything while the database is away, and recovers with the data that was there', async () => {
    using watched = watchedPool();
    const { pool, failures } = watched;
    const run = (sql: string) => pool.use((connection) => Promise.resolve(connection.exec(sql)));
    await run('create table kept (value); insert into kept values (42)');
    pool.disconnect();
    await expect(run('select 1')).rejects.toThrow('cannot be opened');
    expect(failures).toHaveLength(1);
    pool.reconnect();
    expect(await pool.use((connection) => Promise.resolve(connection.prepare('select value from kept').get()))).toEqual({ value: 42 });
  });

  test('refuses waiters when it closes, and removes its files', async () => {
    const { pool } = watchedPool({ max: 1 });
    const file = await pool.use((connection) => Promise.resolve(connection.location() ?? ''));
    const first = hold(pool);
    const waiting = pool.use(() => Promise.resolve());
    pool.close();
    await expect(waiting).rejects.toThrow('closed');
    first.release();
    await first.held;
    expect(existsSync(dirname(file))).toBe(false);
    await expect(pool.use(() => Promise.resolve())).rejects.toThrow('closed');
  });
});
