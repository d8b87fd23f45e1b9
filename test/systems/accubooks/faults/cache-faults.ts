import { randomUUID } from 'node:crypto';
import type { Cache } from '../cache.ts';
import { createClient } from '../client.ts';
import { paced, pause } from '../paced.ts';

export interface MissCache {
  readonly url: string;
  readonly perSecond: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

const requestsInFlight = 20;

/** As after a mass sign-out: browsers come back with sessions that nobody knows any more. Each is looked for, missed, and answered. */
export async function missCache({ url, perSecond, durationMs, signal }: MissCache): Promise<void> {
  const client = createClient(url);
  const over = AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  try {
    await paced({
      everyMs: 1_000 / perSecond,
      times: Infinity,
      maxInFlight: requestsInFlight,
      signal: over,
      send: () => client.call({ path: '/api/session', token: randomUUID() }),
    });
  } finally {
    await client.close();
  }
}

export interface FillCache {
  readonly cache: Cache;
  /** Memory in use rises above this. */
  readonly percent: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

const pieceBytes = 32 * 1024;
const renewEveryMs = 500;

/** Keeps exports in the cache that nobody asks for, as a forgotten feature does. */
export async function fillCache({ cache, percent, durationMs, signal }: FillCache): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  const piece = 'x'.repeat(pieceBytes);
  const keys: string[] = [];
  while (!over.aborted) {
    while (cache.bytes() <= (cache.maxBytes * percent) / 100) {
      const key = `export:${String(keys.length)}`;
      cache.set(key, piece);
      keys.push(key);
    }
    await pause(renewEveryMs, over);
  }
  for (const key of keys) cache.delete(key);
}
