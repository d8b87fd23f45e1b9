import { createRandom } from '../forecast/random.ts';
import { hashPassword } from '../password.ts';
import type { Tier } from '../tiers.ts';
import type { Database } from './database.ts';

const schema = [
  `create table tenants (id integer primary key, name text not null)`,
  `create table users (id integer primary key, tenant_id integer not null references tenants, email text not null unique,
     name text not null, tier text not null check (tier in ('free', 'starter', 'pro')), password text not null)`,
  `create table sessions (token text primary key, user_id integer not null references users)`,
  `create table scenarios (id integer primary key, tenant_id integer not null references tenants, user_id integer not null references users,
     name text not null, opening_cash real not null, monthly_net text not null)`,
  `create table forecasts (id text primary key, tenant_id integer not null references tenants, user_id integer not null references users,
     status text not null check (status in ('queued', 'done', 'failed')), cached integer not null, request text not null, result text, error text,
     created_at integer not null)`,
  `create index forecasts_by_tenant on forecasts (tenant_id, created_at)`,
  `create table usage (user_id integer not null references users, day text not null, forecasts integer not null, primary key (user_id, day))`,
];

/** The password of every seeded user. */
export const demoPassword = 'bakers-dozen-13';

/** The PRO user that checks sign in as; the background traffic never does, and never makes a PRO forecast. */
export const checkUser = 'check@birch-bakery.test';

export interface SeededUser {
  readonly email: string;
  readonly name: string;
  readonly tier: Tier;
}

export interface SeededTenant {
  readonly name: string;
  readonly users: readonly SeededUser[];
  readonly scenarios: readonly { readonly name: string; readonly openingCash: number; readonly monthlyNet: readonly number[] }[];
}

function staff(domain: string): SeededUser[] {
  const some = (tier: Tier, count: number): SeededUser[] =>
    Array.from({ length: count }, (_, index) => {
      const number = String(index + 1);
      return { email: `${tier}${number}@${domain}`, name: `${tier[0]?.toUpperCase() ?? ''}${tier.slice(1)} User ${number}`, tier };
    });
  return [...some('free', 4), ...some('starter', 4), ...some('pro', 2)];
}

interface Firm {
  readonly level: number;
  readonly growth: number;
  readonly season: number;
  readonly quarterlyTax: number;
  readonly luck: number;
}

/** Three years of a small firm's monthly net cash flow; the same every time. */
function history({ level, growth, season, quarterlyTax, luck }: Firm): number[] {
  const random = createRandom(level);
  return Array.from({ length: 36 }, (_, month) => {
    const yearly = season * Math.sin((2 * Math.PI * (month + 2)) / 12);
    const tax = month % 3 === 2 ? quarterlyTax : 0;
    return Math.round(level + growth * month + yearly - tax + luck * (random() + random() - 1));
  });
}

export const seededTenants: readonly SeededTenant[] = [
  {
    name: 'Birch Bakery',
    users: [{ email: checkUser, name: 'Synthetic Check', tier: 'pro' }, ...staff('birch-bakery.test')],
    scenarios: [
      {
        name: 'Two shops as today',
        openingCash: 18_400,
        monthlyNet: history({ level: 2_100, growth: 15, season: 900, quarterlyTax: 3_600, luck: 1_500 }),
      },
      {
        name: 'Open a third shop',
        openingCash: 9_800,
        monthlyNet: history({ level: 400, growth: 25, season: 1_300, quarterlyTax: 2_100, luck: 2_200 }),
      },
    ],
  },
  {
    name: 'Harbour Joinery',
    users: staff('harbour-joinery.test'),
    scenarios: [
      {
        name: 'Workshop at full load',
        openingCash: 42_000,
        monthlyNet: history({ level: 5_200, growth: 20, season: 3_100, quarterlyTax: 7_400, luck: 4_000 }),
      },
      {
        name: 'Lose the biggest customer',
        openingCash: 42_000,
        monthlyNet: history({ level: -1_900, growth: 45, season: 1_800, quarterlyTax: 3_000, luck: 3_500 }),
      },
    ],
  },
];

export async function seed(database: Database): Promise<void> {
  const password = hashPassword(demoPassword);
  await database.transaction((statements) => {
    schema.forEach((sql) => statements.run(sql));
    seededTenants.forEach((tenant, tenantIndex) => {
      const tenantId = tenantIndex + 1;
      statements.run('insert into tenants (id, name) values (?, ?)', tenantId, tenant.name);
      for (const { email, name, tier } of tenant.users) {
        statements.run(
          'insert into users (tenant_id, email, name, tier, password) values (?, ?, ?, ?, ?)',
          tenantId,
          email,
          name,
          tier,
          password,
        );
      }
      const owner = statements.get('select min(id) as id from users where tenant_id = ?', tenantId)?.['id'] ?? null;
      for (const { name, openingCash, monthlyNet } of tenant.scenarios) {
        const values = [tenantId, owner, name, openingCash, JSON.stringify(monthlyNet)] as const;
        statements.run('insert into scenarios (tenant_id, user_id, name, opening_cash, monthly_net) values (?, ?, ?, ?, ?)', ...values);
      }
    });
  });
}
