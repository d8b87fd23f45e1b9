import type { Call } from '../client.ts';
import { pause } from '../paced.ts';
import type { Disturbances, Mark } from './disturbance.ts';
import { sendOwnRequests } from './own-requests.ts';

export interface RequestFault {
  readonly url: string;
  readonly disturbances: Disturbances;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

const reads: readonly Call[] = [{ path: '/api/session' }, { path: '/api/scenarios' }, { path: '/api/forecasts' }];
const errorsInFlight = 50;

/** As after a migration that stopped half-way: the query names a table that is not there. */
const missingTable = (sql: string): string => sql.replace(/\b(from|into|update)\s+(\w+)/i, '$1 $2_migrated');

/** As after a careless edit: the condition is there, and lets every tenant through. */
const lostTenant = (sql: string): string => sql.replaceAll(/\btenant_id = \?/g, '? is not null');

const newForecast: Call = { method: 'POST', path: '/api/forecasts', json: { scenarioId: 3, horizonMonths: 12, fresh: true } };

const corruptions = {
  calculation: { calls: [newForecast], mark: { skew: true } },
  isolation: { calls: [{ path: '/api/scenarios' }], mark: { rewrite: lostTenant } },
} satisfies Record<string, { calls: readonly Call[]; mark: Omit<Mark, 'signal'> }>;

export const corruptionKinds = Object.keys(corruptions) as [keyof typeof corruptions, ...(keyof typeof corruptions)[]];

/** `count` requests fail with 500, evenly spread over the duration. */
export function triggerErrors({ url, disturbances, durationMs, signal, count }: RequestFault & { readonly count: number }): Promise<void> {
  const mark = { rewrite: missingTable, signal };
  return sendOwnRequests({ url, disturbances, mark, calls: reads, count, everyMs: durationMs / count, maxInFlight: errorsInFlight });
}

/** `count` forecasts are miscalculated, or `count` queries lose their tenant. */
export function corrupt(options: RequestFault & { readonly count: number; readonly what: keyof typeof corruptions }): Promise<void> {
  const { url, disturbances, durationMs, signal, count, what } = options;
  const { calls, mark } = corruptions[what];
  return sendOwnRequests({
    url,
    disturbances,
    mark: { ...mark, signal },
    calls,
    count,
    everyMs: durationMs / count,
    maxInFlight: errorsInFlight,
  });
}

/** So many slow requests a second; held down by how many connections they may keep from everyone else. */
const slowPerSecond = 6;

/** Every query of the fault's own requests waits `ms`; with `everyone`, every query of all requests does. */
export async function slowQueries(
  options: RequestFault & { readonly ms: number; readonly everyone: boolean; readonly poolSize: number },
): Promise<void> {
  const { url, disturbances, durationMs, signal, ms, everyone, poolSize } = options;
  const over = AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  const mark = { slowByMs: ms, signal: over };
  if (everyone) disturbances.slowEveryone(ms, over);
  // A twentieth of the pool: also beside held connections, everyone else still gets one.
  const maxInFlight = Math.max(1, Math.floor(poolSize / 20));
  const requests = { calls: reads, count: Infinity, everyMs: 1_000 / slowPerSecond, maxInFlight };
  // Everyone stays slow for as long as was said, even when the fault's own requests cannot be made.
  const [sent] = await Promise.allSettled([sendOwnRequests({ url, disturbances, mark, ...requests }), pause(durationMs, over)]);
  if (sent.status === 'rejected') throw sent.reason;
}
