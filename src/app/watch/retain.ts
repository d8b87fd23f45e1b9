import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Retention, Store } from '../../store/store.ts';
import type { WatchEvent } from './event.ts';

export interface RetainOptions {
  readonly store: Pick<Store, 'retain'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'removed'>;
  readonly evidenceFolder: string;
  retention(): Retention;
  tell(event: WatchEvent): void;
}

/** Takes away what has been kept for long enough: results, and the evidence of failures. */
export function retainBy({ store, clock, metrics, evidenceFolder, retention, tell }: RetainOptions): () => Promise<void> {
  return async () => {
    const nowMs = clock.now().getTime();
    try {
      const { results } = await store.retain(retention(), nowMs);
      metrics.removed(results);
      if (results > 0) tell({ type: 'removed', results });
      await removeOlder(evidenceFolder, nowMs - retention().detailedMs);
    } catch (error) {
      metrics.removed('failed');
      tell({ type: 'retention-failed', because: (error as Error).message });
    }
  };
}

async function removeOlder(folder: string, thanMs: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file);
    if (mtimeMs < thanMs) await rm(file, { force: true });
  }
}
