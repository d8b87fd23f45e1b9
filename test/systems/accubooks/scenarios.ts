import type { Accounts, User } from './accounts.ts';
import type { Database, Row } from './database/database.ts';
import type { BusinessMetrics } from './metrics/business-metrics.ts';
import { Refusal } from './refusal.ts';
import type { OwnRows } from './tenancy.ts';

export interface Scenario {
  readonly id: number;
  readonly name: string;
  readonly openingCash: number;
  /** Net cash flow of past months, oldest first. */
  readonly monthlyNet: readonly number[];
}

export interface Scenarios {
  list(user: User): Promise<readonly Scenario[]>;
  /** Refuses with 404 what is not there for this tenant. */
  find(user: User, id: number): Promise<Scenario>;
  create(user: User, scenario: Omit<Scenario, 'id'>): Promise<Scenario>;
  remove(user: User, id: number): Promise<void>;
}

export interface ScenariosOptions {
  readonly database: Database;
  readonly ownRows: OwnRows;
  readonly accounts: Accounts;
  readonly metrics: BusinessMetrics;
}

export function createScenarios({ database, ownRows, accounts, metrics }: ScenariosOptions): Scenarios {
  const find = async (user: User, id: number): Promise<Scenario> => {
    const rows = await database.all('select * from scenarios where id = ? and tenant_id = ?', id, user.tenantId);
    const [row] = ownRows(user, rows);
    if (row === undefined) throw new Refusal(404, 'no-such-scenario', 'There is no such scenario.');
    return scenarioFrom(row);
  };
  return {
    list: async (user) => {
      const rows = await database.all('select * from scenarios where tenant_id = ? order by id', user.tenantId);
      return ownRows(user, rows).map(scenarioFrom);
    },
    find,
    create: async (user, { name, openingCash, monthlyNet }) => {
      const id = await database.transaction((statements) => {
        const owned = statements.get('select count(*) as owned from scenarios where user_id = ? and tenant_id = ?', user.id, user.tenantId);
        accounts.enforceLimit(user, 'scenarios', Number(owned?.['owned']) + 1);
        const row = statements.get(
          'insert into scenarios (tenant_id, user_id, name, opening_cash, monthly_net) values (?, ?, ?, ?, ?) returning id',
          user.tenantId,
          user.id,
          name,
          openingCash,
          JSON.stringify(monthlyNet),
        );
        return Number(row?.['id']);
      });
      metrics.scenarioCreated(user.tier);
      return { id, name, openingCash, monthlyNet };
    },
    remove: async (user, id) => {
      await find(user, id);
      await database.run('delete from scenarios where id = ? and tenant_id = ?', id, user.tenantId);
    },
  };
}

function scenarioFrom(row: Row): Scenario {
  return {
    id: Number(row['id']),
    name: String(row['name']),
    openingCash: Number(row['opening_cash']),
    monthlyNet: JSON.parse(String(row['monthly_net'])) as number[],
  };
}
