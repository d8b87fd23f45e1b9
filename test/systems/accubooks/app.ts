import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Registry } from 'prom-client';
import type { Accounts } from './accounts.ts';
import type { Cache } from './cache.ts';
import type { Database } from './database/database.ts';
import { ConnectionUnavailable, type Pool } from './database/pool.ts';
import { faultHeader, type Disturbances } from './faults/disturbance.ts';
import type { Faults } from './faults/faults.ts';
import type { ForecastQueue } from './forecast/queue.ts';
import type { Forecasts } from './forecasts.ts';
import { checkHealth } from './health.ts';
import type { BusinessMetrics } from './metrics/business-metrics.ts';
import type { FeedbackMetrics } from './metrics/feedback-metrics.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';
import { Refusal } from './refusal.ts';
import { createApi } from './routes/api.ts';
import type { Environment } from './routes/environment.ts';
import { createTestFaults } from './routes/test-faults.ts';
import { createSaboteur, type Sabotage } from './sabotage.ts';
import type { Scenarios } from './scenarios.ts';

export interface AppParts {
  readonly accounts: Accounts;
  readonly scenarios: Scenarios;
  readonly forecasts: Forecasts;
  readonly registry: Registry;
  readonly metrics: { readonly http: HttpMetrics; readonly business: BusinessMetrics; readonly feedback: FeedbackMetrics };
  readonly disturbances: Disturbances;
  readonly faults: Faults;
  readonly pool: Pool;
  readonly cache: Cache;
  readonly queue: ForecastQueue;
  readonly database: Database;
  readonly startedMs: number;
  readonly metricsPath: string;
  readonly testFaults: boolean;
  sabotage(): Sabotage;
  log(error: unknown): void;
  url(): string;
}

const assets = [
  { path: '/', file: 'page.html', type: 'text/html; charset=utf-8' },
  { path: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/chart.js', file: 'chart.js', type: 'text/javascript; charset=utf-8' },
] as const;

/** All routes of AccuBooks; every request to them is measured. */
export function createApp(parts: AppParts): Hono<Environment> {
  const { registry, metrics, disturbances, metricsPath, testFaults, sabotage, log } = parts;
  const app = new Hono<Environment>();

  app.use(async (context, next) => {
    const startedMs = performance.now();
    if (testFaults) await disturbances.within(context.req.header(faultHeader), next);
    else await next();
    // The route as it was registered, never the address: ids in labels would grow without end.
    const route = routePath(context, -1);
    metrics.http.observe(
      context.req.method,
      route === '/*' || route === '*' ? 'unmatched' : route,
      context.res.status,
      performance.now() - startedMs,
    );
  });
  app.onError((error, context) => {
    if (error instanceof Refusal) return context.json({ error: error.code, message: error.message }, error.status);
    log(error);
    if (error instanceof ConnectionUnavailable)
      return context.json({ error: 'unavailable', message: 'The database cannot be reached.' }, 503);
    return context.json({ error: 'internal', message: 'Something went wrong on our side.' }, 500);
  });
  app.notFound((context) => context.json({ error: 'not-found', message: 'There is nothing here.' }, 404));

  for (const { path, file, type } of assets) {
    const body = readFileSync(new URL(`web/${file}`, import.meta.url), 'utf8');
    app.get(path, (context) => context.body(body, 200, { 'content-type': type }));
  }
  app.get('/health', async (context) => {
    const health = await checkHealth(parts);
    const status = sabotage().healthBroken === true ? 'unhealthy' : health.status;
    return context.json({ ...health, status }, status === 'healthy' ? 200 : 503);
  });
  const sabotaged = createSaboteur();
  app.get(metricsPath, async (context) => {
    const exposition = sabotaged(await registry.metrics(), sabotage());
    return context.body(exposition, 200, { 'content-type': registry.contentType });
  });
  app.route('/api', createApi({ ...parts, metrics: metrics.business, feedback: metrics.feedback }));
  if (testFaults) app.route('/api/test', createTestFaults(parts));

  for (const { method, path } of app.routes) if (method !== 'ALL') metrics.http.announce(method, path);
  return app;
}
