import type { Cache } from './cache.ts';
import type { Database } from './database/database.ts';
import type { ForecastQueue } from './forecast/queue.ts';

export interface PartHealth {
  readonly status: 'up' | 'down';
  /** How long the check of this part took. */
  readonly latencyMs: number;
  readonly says: string;
}

export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  readonly timestamp: string;
  /** Seconds since the app started. */
  readonly uptime: number;
  readonly database: PartHealth;
  readonly cache: PartHealth;
  readonly queue: PartHealth;
}

export interface HealthParts {
  readonly database: Database;
  readonly cache: Cache;
  readonly queue: ForecastQueue;
  readonly startedMs: number;
}

/** A part that does not answer within this is down, whatever it says later. */
const partTimeoutMs = 2_000;

/** Uses each part once, as the app itself would. */
export async function checkHealth({ database, cache, queue, startedMs }: HealthParts): Promise<Health> {
  const [databaseHealth, cacheHealth, queueHealth] = await Promise.all([
    checkPart(async () => `${String((await database.get('select count(*) as users from users'))?.['users'])} users found`),
    checkPart(() => {
      if (!cache.roundTrip()) throw new Error('a value that was written did not come back');
      return Promise.resolve('a value was written and read back');
    }),
    checkPart(async () => {
      const alive = await queue.alive();
      if (alive === 0) throw new Error(`none of ${String(queue.workers)} workers answers`);
      return `${String(alive)} of ${String(queue.workers)} workers alive, ${String(queue.depth())} jobs waiting`;
    }),
  ]);
  const healthy = [databaseHealth, cacheHealth, queueHealth].every(({ status }) => status === 'up');
  return {
    status: healthy ? 'healthy' : 'unhealthy',
    timestamp: new Date().toISOString(),
    uptime: (performance.now() - startedMs) / 1000,
    database: databaseHealth,
    cache: cacheHealth,
    queue: queueHealth,
  };
}

async function checkPart(use: () => Promise<string>): Promise<PartHealth> {
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(partTimeoutMs)} ms`)), partTimeoutMs);
  });
  try {
    const says = await Promise.race([use(), late]);
    return { status: 'up', latencyMs: performance.now() - startedMs, says };
  } catch (error) {
    return { status: 'down', latencyMs: performance.now() - startedMs, says: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
