import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { queryTypes, type QueryType } from '../database/database.ts';
import type { Pool } from '../database/pool.ts';

export interface DatabaseMetrics {
  waited(ms: number): void;
  failed(): void;
  queried(type: QueryType, ms: number): void;
  watch(pool: Pool): void;
}

export function createDatabaseMetrics(registry: Registry): DatabaseMetrics {
  const registers = [registry];
  const wait = new Histogram({
    name: 'db_connection_wait_time_ms',
    help: 'Time waiting for database connection in ms',
    buckets: [1, 5, 10, 25, 50, 100, 250, 500],
    registers,
  });
  const query = new Histogram({
    name: 'db_query_duration_ms',
    help: 'Database query duration in ms',
    labelNames: ['query_type'],
    buckets: [10, 50, 100, 200, 500, 1000, 2000],
    registers,
  });
  const errors = new Counter({ name: 'db_connection_errors_total', help: 'Times that no database connection could be had', registers });
  // The kinds of query are known: their series exist from the first scrape, so rate() sees the first query of each.
  for (const type of queryTypes) query.zero({ query_type: type });
  return {
    waited: (ms) => wait.observe(ms),
    failed: () => errors.inc(),
    queried: (type, ms) => query.observe({ query_type: type }, ms),
    watch: (pool) => {
      new Gauge({
        name: 'db_active_connections',
        help: 'Number of active database connections',
        registers,
        collect() {
          this.set(pool.inUse());
        },
      });
      new Gauge({
        name: 'db_pool_utilization_percent',
        help: 'Database connection pool utilization percentage',
        registers,
        collect() {
          this.set((100 * pool.inUse()) / pool.max);
        },
      });
    },
  };
}
