import { createHash, randomUUID } from 'node:crypto';
import type { Accounts, User } from './accounts.ts';
import type { Cache } from './cache.ts';
import type { Database, Row } from './database/database.ts';
import type { ForecastInput, ForecastResult } from './forecast/model.ts';
import type { BusinessMetrics } from './metrics/business-metrics.ts';
import { Refusal } from './refusal.ts';
import type { Scenarios } from './scenarios.ts';
import type { OwnRows } from './tenancy.ts';

export interface ForecastOrder {
  readonly scenarioId: number;
  readonly horizonMonths: number;
  /** Instead of the scenario's own. */
  readonly openingCash?: number | undefined;
  /** The same seed gives the same result; by default it follows from the numbers. */
  readonly seed?: number | undefined;
  /** Calculates even what the cache already knows. */
  readonly fresh?: boolean | undefined;
}

export interface Forecast {
  readonly id: string;
  readonly status: 'queued' | 'done' | 'failed';
  /** Answered from the cache: not counted as generated, and free of the daily limit. */
  readonly cached: boolean;
  readonly scenario: string;
  readonly input: ForecastInput;
  readonly result?: ForecastResult | undefined;
  readonly error?: string | undefined;
}

export interface Forecasts {
  order(user: User, order: ForecastOrder): Promise<Forecast>;
  /** Waits up to `waitMs` for a queued forecast to end. Refuses with 404 what is not there for this tenant. */
  find(user: User, id: string, waitMs: number): Promise<Forecast>;
  list(user: User): Promise<readonly Forecast[]>;
  /** Resolves when nothing is being worked on. */
  settled(): Promise<void>;
}

export interface ForecastsOptions {
  readonly database: Database;
  readonly cache: Cache;
  readonly ownRows: OwnRows;
  readonly accounts: Accounts;
  readonly scenarios: Scenarios;
  readonly metrics: BusinessMetrics;
  calculate(input: ForecastInput): Promise<ForecastResult>;
  failed(error: unknown): void;
}

const simulations = 2_000;
/** Older forecasts are dropped, so that an app which runs for weeks stays small. */
const keptPerTenant = 500;

export function createForecasts(options: ForecastsOptions): Forecasts {
  const { database, cache, ownRows, accounts, scenarios, metrics, calculate, failed } = options;
  const pending = new Map<string, Promise<void>>();

  const insert = `insert into forecasts (id, tenant_id, user_id, status, cached, request, result, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`;
  const prune = `delete from forecasts where tenant_id = ?1 and created_at <
    (select created_at from forecasts where tenant_id = ?1 order by created_at desc limit 1 offset ${String(keptPerTenant)})`;

  const work = async (user: User, id: string, key: string, input: ForecastInput): Promise<void> => {
    try {
      const result = await calculate(input);
      cache.set(key, result);
      await database.transaction((statements) => {
        statements.run(`update forecasts set status = 'done', result = ? where id = ?`, JSON.stringify(result), id);
        statements.run(prune, user.tenantId);
        // In the same breath as the row: whoever sees the forecast done also finds it counted.
        metrics.forecastGenerated(user.tier);
      });
    } catch (error) {
      failed(error);
      await database.run(`update forecasts set status = 'failed', error = ? where id = ?`, String(error), id).catch(failed);
    }
  };

  return {
    order: async (user, order) => {
      accounts.enforceLimit(user, 'horizon_months', order.horizonMonths);
      const scenario = await scenarios.find(user, order.scenarioId);
      const openingCash = order.openingCash ?? scenario.openingCash;
      const numbers = { openingCash, monthlyNet: scenario.monthlyNet, horizonMonths: order.horizonMonths, simulations };
      const input: ForecastInput = {
        ...numbers,
        seed: order.seed ?? createHash('sha256').update(JSON.stringify(numbers)).digest().readUInt32BE(),
      };
      const key = `forecast:${String(user.tenantId)}:${createHash('sha256').update(JSON.stringify(input)).digest('hex')}`;
      const known = order.fresh === true ? undefined : cache.get<ForecastResult>(key);
      const id = randomUUID();
      const forecast: Forecast = {
        id,
        status: known === undefined ? 'queued' : 'done',
        cached: known !== undefined,
        scenario: scenario.name,
        input,
        result: known,
      };

      await database.transaction((statements) => {
        if (known === undefined) {
          const day = new Date().toISOString().slice(0, 10);
          const used = statements.get('select forecasts from usage where user_id = ? and day = ?', user.id, day);
          accounts.enforceLimit(user, 'forecasts_per_day', Number(used?.['forecasts'] ?? 0) + 1);
          statements.run('insert into usage values (?, ?, 1) on conflict do update set forecasts = forecasts + 1', user.id, day);
        }
        const request = JSON.stringify({ scenario: scenario.name, input });
        const result = known === undefined ? null : JSON.stringify(known);
        statements.run(insert, id, user.tenantId, user.id, forecast.status, Number(forecast.cached), request, result, Date.now());
      });
      if (known === undefined) {
        const worked = work(user, id, key, input).finally(() => pending.delete(id));
        pending.set(id, worked);
      }
      return forecast;
    },
    find: async (user, id, waitMs) => {
      const read = async (): Promise<Forecast> => {
        const [row] = ownRows(user, await database.all('select * from forecasts where id = ? and tenant_id = ?', id, user.tenantId));
        if (row === undefined) throw new Refusal(404, 'no-such-forecast', 'There is no such forecast.');
        return forecastFrom(row);
      };
      // Looked up before the row is read: a job that ends in between would be missed the other way round.
      const worked = pending.get(id);
      const forecast = await read();
      if (forecast.status !== 'queued' || worked === undefined || waitMs === 0) return forecast;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([worked, new Promise((resolve) => (timer = setTimeout(resolve, waitMs)))]);
      clearTimeout(timer);
      return read();
    },
    list: async (user) => {
      const rows = await database.all('select * from forecasts where tenant_id = ? order by created_at desc limit 20', user.tenantId);
      return ownRows(user, rows).map(forecastFrom);
    },
    settled: async () => void (await Promise.all(pending.values())),
  };
}

function forecastFrom(row: Row): Forecast {
  const { scenario, input } = JSON.parse(String(row['request'])) as { scenario: string; input: ForecastInput };
  return {
    id: String(row['id']),
    status: row['status'] as Forecast['status'],
    cached: row['cached'] === 1,
    scenario,
    input,
    result: row['result'] === null ? undefined : (JSON.parse(String(row['result'])) as ForecastResult),
    error: row['error'] === null ? undefined : String(row['error']),
  };
}
