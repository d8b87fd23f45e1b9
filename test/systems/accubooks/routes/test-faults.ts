import { Hono } from 'hono';
import { z } from 'zod';
import { duration } from '../../../../src/base/duration.ts';
import type { Cache } from '../cache.ts';
import type { Pool } from '../database/pool.ts';
import { breakableParts, breakPart } from '../faults/break-part.ts';
import type { Disturbances } from '../faults/disturbance.ts';
import type { Faults } from '../faults/faults.ts';
import { fillCache, missCache } from '../faults/cache-faults.ts';
import { floodQueue } from '../faults/flood-queue.ts';
import { createConnectionHolder } from '../faults/hold-connections.ts';
import { corrupt, corruptionKinds, slowQueries, triggerErrors } from '../faults/request-faults.ts';
import type { ForecastQueue } from '../forecast/queue.ts';
import { bodyOf, type Environment } from './environment.ts';

export interface TestFaultParts {
  readonly pool: Pool;
  readonly cache: Cache;
  readonly queue: ForecastQueue;
  readonly disturbances: Disturbances;
  readonly faults: Faults;
  /** The app's own address. */
  url(): string;
}

const longestMs = 3_600_000;
const lasting = duration.refine((ms) => ms > 0 && ms <= longestMs, 'a fault lasts at most 1h');
const count = z.int().min(1).max(10_000);

/** Real faults on demand, each bounded in time; `DELETE /faults` ends them all, `DELETE /faults/slow-queries` those of one name. Every POST answers 202 with what was started. */
export function createTestFaults({ pool, cache, queue, disturbances, faults, url }: TestFaultParts): Hono<Environment> {
  const routes = new Hono<Environment>();
  const holdConnections = createConnectionHolder(pool);

  routes.post('/trigger-errors', async (context) => {
    const { count: failures, duration: durationMs } = await bodyOf(context, z.strictObject({ count, duration: lasting }));
    const says = `${String(failures)} requests fail with 500, spread evenly over ${String(durationMs / 1000)} s`;
    const run = (signal: AbortSignal) => triggerErrors({ url: url(), disturbances, durationMs, signal, count: failures });
    return context.json(faults.start('trigger-errors', says, durationMs, run), 202);
  });

  routes.post('/hold-connections', async (context) => {
    // A name of its own lets whoever made it end it, and not somebody else's.
    const name = z
      .string()
      .regex(/^[a-z-]{1,40}$/)
      .default('hold-connections');
    const body = z.strictObject({ percent: z.number().min(0).max(100), duration: lasting, name });
    const { percent, duration: durationMs, name: fault } = await bodyOf(context, body);
    const says = `more than ${String(percent)} % of ${String(pool.max)} connections are held`;
    const run = (signal: AbortSignal) => holdConnections({ percent, durationMs, signal });
    return context.json(faults.start(fault, says, durationMs, run), 202);
  });

  routes.post('/slow-queries', async (context) => {
    const body = z.strictObject({ ms: z.int().min(1).max(60_000), duration: lasting, reach: z.enum(['own', 'everyone']).default('own') });
    const { ms, duration: durationMs, reach } = await bodyOf(context, body);
    const says = `every database query of ${reach === 'own' ? "the fault's own requests" : 'all requests'} waits ${String(ms)} ms`;
    const run = (signal: AbortSignal) =>
      slowQueries({ url: url(), disturbances, durationMs, signal, ms, everyone: reach === 'everyone', poolSize: pool.max });
    return context.json(faults.start('slow-queries', says, durationMs, run), 202);
  });

  routes.post('/health', async (context) => {
    const { part, duration: durationMs } = await bodyOf(context, z.strictObject({ part: z.enum(breakableParts), duration: lasting }));
    const run = (signal: AbortSignal) => breakPart({ part, pool, cache, queue, durationMs, signal });
    return context.json(faults.start('health', `the ${part} is broken`, durationMs, run), 202);
  });

  routes.post('/corrupt', async (context) => {
    const body = z.strictObject({ what: z.enum(corruptionKinds), count, duration: lasting });
    const { what, count: times, duration: durationMs } = await bodyOf(context, body);
    const says = what === 'calculation' ? `${String(times)} forecasts are miscalculated` : `${String(times)} queries lose their tenant`;
    const run = (signal: AbortSignal) => corrupt({ url: url(), disturbances, durationMs, signal, count: times, what });
    return context.json(faults.start('corrupt', says, durationMs, run), 202);
  });

  routes.post('/flood-queue', async (context) => {
    const { jobs, duration: durationMs } = await bodyOf(context, z.strictObject({ jobs: count, duration: lasting }));
    const run = (signal: AbortSignal) => floodQueue({ queue, jobs, durationMs, signal });
    return context.json(faults.start('flood-queue', `a batch of ${String(jobs)} forecasts waits in the queue`, durationMs, run), 202);
  });

  routes.post('/miss-cache', async (context) => {
    const body = z.strictObject({ perSecond: z.int().min(1).max(1_000), duration: lasting });
    const { perSecond, duration: durationMs } = await bodyOf(context, body);
    const says = `${String(perSecond)} requests a second ask for sessions that are not there`;
    return context.json(
      faults.start('miss-cache', says, durationMs, (signal) => missCache({ url: url(), perSecond, durationMs, signal })),
      202,
    );
  });

  routes.post('/fill-cache', async (context) => {
    const body = z.strictObject({ percent: z.number().min(0).max(99), duration: lasting });
    const { percent, duration: durationMs } = await bodyOf(context, body);
    const says = `more than ${String(percent)} % of the cache's memory is full`;
    return context.json(
      faults.start('fill-cache', says, durationMs, (signal) => fillCache({ cache, percent, durationMs, signal })),
      202,
    );
  });

  routes.get('/faults', (context) => context.json({ running: faults.running() }));
  routes.delete('/faults', async (context) => context.json({ ended: await faults.end() }));
  routes.delete('/faults/:fault', async (context) => context.json({ ended: await faults.end(context.req.param('fault')) }));
  return routes;
}
