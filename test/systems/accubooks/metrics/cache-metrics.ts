import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Cache, CacheOperation } from '../cache.ts';
import { createSlidingWindow } from '../sliding-window.ts';

export interface CacheMetrics {
  operated(operation: CacheOperation, ms: number): void;
  lookedUp(found: boolean): void;
  evicted(): void;
  watch(cache: Cache): void;
}

export function createCacheMetrics(registry: Registry, windowMs: number): CacheMetrics {
  const registers = [registry];
  const events = createSlidingWindow(windowMs);
  const duration = new Histogram({
    name: 'cache_operation_duration_ms',
    help: 'Cache operation duration in ms',
    labelNames: ['operation'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 20, 50],
    registers,
  });
  // Known beforehand, so rate() sees the first operation of each kind.
  for (const operation of ['get', 'set', 'delete'] as const) duration.zero({ operation });
  new Gauge({
    name: 'cache_hit_rate_percent',
    help: `Cache hit rate percentage of the last ${String(windowMs / 1000)} s; NaN without look-ups`,
    registers,
    // Without look-ups neither 0 % (an alert) nor 100 % (a claim) would be true.
    collect() {
      const [hits, misses] = [events.total('hit'), events.total('miss')];
      this.set((100 * hits) / (hits + misses));
    },
  });
  new Gauge({
    name: 'cache_eviction_rate_per_sec',
    help: `Cache eviction rate per second over the last ${String(windowMs / 1000)} s`,
    registers,
    collect() {
      this.set(events.total('eviction') / events.seconds());
    },
  });
  return {
    operated: (operation, ms) => duration.observe({ operation }, ms),
    lookedUp: (found) => events.add(found ? 'hit' : 'miss'),
    evicted: () => events.add('eviction'),
    watch: (cache) => {
      new Gauge({
        name: 'cache_memory_usage_bytes',
        help: 'Cache memory usage in bytes',
        registers,
        collect() {
          this.set(cache.bytes());
        },
      });
      new Gauge({
        name: 'cache_memory_limit_bytes',
        help: 'Bytes that the cache may use before it evicts',
        registers,
        collect() {
          this.set(cache.maxBytes);
        },
      });
    },
  };
}
