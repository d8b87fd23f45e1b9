import type { Pool } from '../database/pool.ts';
import { pause } from '../paced.ts';

export interface HoldConnections {
  /** Utilisation rises above this. */
  readonly percent: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Longer than any fault may last. */
const longestMs = 2 * 3_600_000;

/**
 * Takes connections out of the pool and leaves them idle in a transaction, as a leak does. Several holds at once keep as many
 * as the greatest of them asks for: together they must not empty a pool that each alone would leave usable.
 */
export function createConnectionHolder(pool: Pool): (hold: HoldConnections) => Promise<void> {
  const wanted = new Map<symbol, number>();
  const held = new Set<{ readonly letGo: AbortController; readonly done: Promise<unknown> }>();

  const take = (): void => {
    const letGo = new AbortController();
    const connection = pool.use(async (lent) => {
      lent.exec('begin; select count(*) from users');
      await pause(longestMs, letGo.signal);
      lent.exec('rollback');
    });
    // A busy pool may not give them all; those that it gave are held all the same.
    const entry = { letGo, done: connection.catch(() => undefined).finally(() => held.delete(entry)) };
    held.add(entry);
  };
  const adjust = async (): Promise<void> => {
    const target = Math.max(0, ...wanted.values());
    for (let missing = target - held.size; missing > 0; missing -= 1) take();
    const surplus = [...held].slice(target);
    for (const { letGo } of surplus) letGo.abort();
    await Promise.all(surplus.map(({ done }) => done));
  };

  return async ({ percent, durationMs, signal }) => {
    const hold = Symbol(`${String(percent)} %`);
    wanted.set(hold, Math.min(pool.max, Math.floor((pool.max * percent) / 100) + 1));
    await adjust();
    await pause(durationMs, signal);
    wanted.delete(hold);
    await adjust();
  };
}
