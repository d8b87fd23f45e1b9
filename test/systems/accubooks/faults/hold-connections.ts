import type { Pool } from '../database/pool.ts';
import { pause } from '../paced.ts';

export interface HoldConnections {
  readonly pool: Pool;
  /** Utilisation rises above this. */
  readonly percent: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Takes connections out of the pool and leaves them idle in a transaction, as a leak does. */
export async function holdConnections({ pool, percent, durationMs, signal }: HoldConnections): Promise<void> {
  const count = Math.min(pool.max, Math.floor((pool.max * percent) / 100) + 1);
  const over = AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  const held = Array.from({ length: count }, () =>
    pool.use(async (connection) => {
      connection.exec('begin; select count(*) from users');
      await pause(durationMs, over);
      connection.exec('rollback');
    }),
  );
  // A busy pool may not give them all; those that it gave are held all the same.
  await Promise.allSettled(held);
}
