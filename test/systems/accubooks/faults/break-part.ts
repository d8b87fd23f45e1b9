import type { Cache } from '../cache.ts';
import type { Pool } from '../database/pool.ts';
import type { ForecastQueue } from '../forecast/queue.ts';
import { pause } from '../paced.ts';

export const breakableParts = ['database', 'cache', 'queue', 'heartbeat'] as const;

export interface BreakPart {
  readonly part: (typeof breakableParts)[number];
  readonly pool: Pool;
  readonly cache: Cache;
  readonly queue: ForecastQueue;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Takes a part away from the whole app: the database cannot be opened, the cache holds nothing, the workers are ended, or only seem to be. */
export async function breakPart({ part, pool, cache, queue, durationMs, signal }: BreakPart): Promise<void> {
  switch (part) {
    case 'database':
      pool.disconnect();
      await pause(durationMs, signal);
      return pool.reconnect();
    case 'cache':
      cache.fail();
      await pause(durationMs, signal);
      return cache.recover();
    case 'queue':
      await queue.kill();
      await pause(durationMs, signal);
      return queue.revive();
    case 'heartbeat':
      queue.deafen();
      await pause(durationMs, signal);
      return queue.hear();
  }
}
