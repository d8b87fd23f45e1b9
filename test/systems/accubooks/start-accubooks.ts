import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Registry } from 'prom-client';
import { createAccounts } from './accounts.ts';
import { createApp } from './app.ts';
import { createCache } from './cache.ts';
import { createDatabase } from './database/database.ts';
import { createPool } from './database/pool.ts';
import { seed } from './database/seed.ts';
import { createDisturbances } from './faults/disturbance.ts';
import { createFaults } from './faults/faults.ts';
import { startForecastQueue } from './forecast/queue.ts';
import type { ForecastInput, ForecastResult } from './forecast/model.ts';
import { createForecasts } from './forecasts.ts';
import { createBusinessMetrics } from './metrics/business-metrics.ts';
import { createCacheMetrics } from './metrics/cache-metrics.ts';
import { createDatabaseMetrics } from './metrics/database-metrics.ts';
import { createFeedbackMetrics } from './metrics/feedback-metrics.ts';
import { createHttpMetrics } from './metrics/http-metrics.ts';
import { createQueueMetrics } from './metrics/queue-metrics.ts';
import { createSystemMetrics } from './metrics/system-metrics.ts';
import type { Sabotage } from './sabotage.ts';
import { createScenarios } from './scenarios.ts';
import { createOwnRows } from './tenancy.ts';

export interface AccubooksOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Database connections at most; they are opened when they are needed. */
  readonly poolSize?: number | undefined;
  /** How long a request waits for a connection before it fails. */
  readonly poolTimeoutMs?: number | undefined;
  /** Forecast worker threads. */
  readonly workers?: number | undefined;
  readonly jobTimeoutMs?: number | undefined;
  readonly cacheBytes?: number | undefined;
  /** How much of the past the rates and percentages on the metrics page cover. */
  readonly windowMs?: number | undefined;
  readonly metricsPath?: string | undefined;
  /** Serves `/api/test/…`. */
  readonly testFaults?: boolean | undefined;
  readonly sabotage?: Sabotage | undefined;
  /** Told of every unexpected error. */
  readonly log?: ((error: unknown) => void) | undefined;
}

export interface Accubooks {
  readonly url: string;
  readonly port: number;
  /** Replaces the sabotage; `{}` makes the app honest again. */
  sabotage(sabotage: Sabotage): void;
  /** Ends faults, requests, workers and connections, and removes the database. */
  stop(): Promise<void>;
}

/** Starts the whole application on 127.0.0.1, with seeded tenants and users. */
export async function startAccubooks(options: AccubooksOptions = {}): Promise<Accubooks> {
  const startedMs = performance.now();
  const windowMs = options.windowMs ?? 60_000;
  const log = options.log ?? (() => undefined);
  let sabotage = options.sabotage ?? {};

  const registry = new Registry();
  const metrics = {
    http: createHttpMetrics(registry, windowMs),
    database: createDatabaseMetrics(registry),
    cache: createCacheMetrics(registry, windowMs),
    queue: createQueueMetrics(registry, windowMs),
    business: createBusinessMetrics(registry),
    feedback: createFeedbackMetrics(registry),
    system: createSystemMetrics(registry),
  };

  const disturbances = createDisturbances();
  const faults = createFaults(log);
  const pool = createPool({ max: options.poolSize ?? 200, timeoutMs: options.poolTimeoutMs ?? 5_000, ...metrics.database });
  const database = createDatabase({ pool, disturbance: disturbances, queried: metrics.database.queried });
  const cache = createCache({ maxBytes: options.cacheBytes ?? 64 * 1024 * 1024, ...metrics.cache });
  const queue = await startForecastQueue({ workers: options.workers ?? 2, jobTimeoutMs: options.jobTimeoutMs ?? 30_000, ...metrics.queue });
  metrics.database.watch(pool);
  metrics.cache.watch(cache);
  metrics.queue.watch(queue);

  await seed(database);
  const ownRows = createOwnRows(metrics.business.tenantViolated);
  const accounts = createAccounts({ database, cache, metrics: metrics.business });
  await accounts.countByTier();
  const scenarios = createScenarios({ database, ownRows, accounts, metrics: metrics.business });
  const records = { database, cache, ownRows, accounts, scenarios, metrics: metrics.business };
  const calculate = (input: ForecastInput): Promise<ForecastResult> =>
    sabotage.forecastBroken === true ? Promise.reject(new Error('sabotaged')) : queue.run(input, disturbances.skewed());
  const forecasts = createForecasts({ ...records, calculate, failed: log });

  let url = '';
  const parts = { accounts, scenarios, forecasts, registry, metrics, disturbances, faults, log, pool, cache, queue, database, startedMs };
  const app = createApp({
    ...parts,
    metricsPath: options.metricsPath ?? '/api/metrics',
    testFaults: options.testFaults ?? false,
    sabotage: () => sabotage,
    url: () => url,
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  metrics.system.watch(server);
  const port = await listen(server, options.port ?? 0);
  url = `http://127.0.0.1:${String(port)}`;

  return {
    url,
    port,
    sabotage: (next) => {
      sabotage = next;
    },
    stop: async () => {
      await faults.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await queue.close();
      await forecasts.settled();
      pool.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
