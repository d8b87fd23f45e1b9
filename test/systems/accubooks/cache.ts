import { LRUCache } from 'lru-cache';

export type CacheOperation = 'get' | 'set' | 'delete';

export interface CacheOptions {
  readonly maxBytes: number;
  operated(operation: CacheOperation, ms: number): void;
  lookedUp(found: boolean): void;
  evicted(): void;
}

/** Values as JSON text, least recently used first out when the bytes run out. */
export interface Cache {
  get<Value>(key: string): Value | undefined;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  bytes(): number;
  readonly maxBytes: number;
  /** Writes a value and reads it back, beside the statistics; false when it did not come back. */
  roundTrip(): boolean;
  /** Loses everything, and room for anything new. */
  fail(): void;
  recover(): void;
}

export function createCache({ maxBytes, operated, lookedUp, evicted }: CacheOptions): Cache {
  const storeOf = (maxSize: number) =>
    new LRUCache<string, string>({
      maxSize,
      sizeCalculation: (text, key) => Buffer.byteLength(text) + Buffer.byteLength(key),
      dispose: (_text, _key, reason) => {
        if (reason === 'evict') evicted();
      },
    });
  let store = storeOf(maxBytes);

  const timed = <Result>(operation: CacheOperation, work: () => Result): Result => {
    const startedMs = performance.now();
    const result = work();
    operated(operation, performance.now() - startedMs);
    return result;
  };

  return {
    get: <Value>(key: string) =>
      timed('get', () => {
        const text = store.get(key);
        lookedUp(text !== undefined);
        return text === undefined ? undefined : (JSON.parse(text) as Value);
      }),
    set: (key, value) => timed('set', () => void store.set(key, JSON.stringify(value))),
    delete: (key) => timed('delete', () => void store.delete(key)),
    bytes: () => store.calculatedSize,
    maxBytes,
    roundTrip: () => {
      const written = String(performance.now());
      store.set('health', written);
      const read = store.get('health');
      store.delete('health');
      return read === written;
    },
    fail: () => {
      store = storeOf(1);
    },
    recover: () => {
      store = storeOf(maxBytes);
    },
  };
}
