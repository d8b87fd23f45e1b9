import { createHash, randomBytes } from 'node:crypto';
import type { Cache } from './cache.ts';
import type { Database, Row } from './database/database.ts';
import type { BusinessMetrics } from './metrics/business-metrics.ts';
import { passwordMatches } from './password.ts';
import { Refusal } from './refusal.ts';
import { tierLimits, upgrades, type LimitType, type Tier } from './tiers.ts';

export interface User {
  readonly id: number;
  readonly tenantId: number;
  readonly tenant: string;
  readonly email: string;
  readonly name: string;
  readonly tier: Tier;
}

export interface Accounts {
  /** Refuses with 401 when e-mail and password do not belong together. */
  signIn(email: string, password: string): Promise<{ readonly token: string; readonly user: User }>;
  signOut(token: string): Promise<void>;
  /** Who a session token belongs to; undefined when to nobody. */
  userOf(token: string): Promise<User | undefined>;
  /** Refuses with 400 anything but the next tier up. */
  upgrade(user: User, to: Tier): Promise<User>;
  /** Refuses with 403, and counts the hit, when `wanted` is above what the user's tier allows. */
  enforceLimit(user: User, limit: LimitType, wanted: number): void;
  countByTier(): Promise<void>;
}

export interface AccountsOptions {
  readonly database: Database;
  readonly cache: Cache;
  readonly metrics: BusinessMetrics;
}

const selectUser = `select users.*, tenants.name as tenant from users join tenants on tenants.id = users.tenant_id`;

export function createAccounts({ database, cache, metrics }: AccountsOptions): Accounts {
  const userBy = async (sql: string, value: string | number): Promise<User | undefined> => {
    const row = await database.get(`${selectUser} where ${sql}`, value);
    return row === undefined ? undefined : userFrom(row);
  };

  const userIdOf = async (hash: string): Promise<number | undefined> => {
    const cached = cache.get<number>(`session:${hash}`);
    if (cached !== undefined) return cached;
    const row = await database.get('select user_id from sessions where token = ?', hash);
    if (row === undefined) return undefined;
    cache.set(`session:${hash}`, Number(row['user_id']));
    return Number(row['user_id']);
  };

  const countByTier = async (): Promise<void> => {
    const rows = await database.all('select tier, count(*) as users from users group by tier');
    metrics.registered(new Map(rows.map((row) => [row['tier'] as Tier, Number(row['users'])])));
  };

  return {
    signIn: async (email, password) => {
      const row = await database.get(`${selectUser} where users.email = ?`, email.trim().toLowerCase());
      if (row === undefined || !(await passwordMatches(password, String(row['password'])))) {
        metrics.signedIn('refused');
        throw new Refusal(401, 'wrong-credentials', 'E-mail and password do not belong together.');
      }
      const token = randomBytes(24).toString('base64url');
      await database.run('insert into sessions (token, user_id) values (?, ?)', hashOf(token), row['id'] ?? null);
      cache.set(`session:${hashOf(token)}`, Number(row['id']));
      metrics.signedIn('accepted');
      return { token, user: userFrom(row) };
    },
    signOut: async (token) => {
      cache.delete(`session:${hashOf(token)}`);
      await database.run('delete from sessions where token = ?', hashOf(token));
    },
    userOf: async (token) => {
      const id = await userIdOf(hashOf(token));
      return id === undefined ? undefined : userBy('users.id = ?', id);
    },
    upgrade: async (user, to) => {
      if (!upgrades.some((step) => step.from === user.tier && step.to === to)) {
        throw new Refusal(400, 'no-such-upgrade', `There is no upgrade from ${user.tier} to ${to}.`);
      }
      await database.run('update users set tier = ? where id = ? and tenant_id = ?', to, user.id, user.tenantId);
      metrics.upgraded(user.tier, to);
      await countByTier();
      return { ...user, tier: to };
    },
    enforceLimit: (user, limit, wanted) => {
      const allowed = tierLimits[user.tier][limit];
      if (wanted <= allowed) return;
      metrics.limitHit(user, limit);
      throw new Refusal(
        403,
        `limit-${limit}`,
        `The ${user.tier.toUpperCase()} tier allows ${String(allowed)} (${limit.replaceAll('_', ' ')}).`,
      );
    },
    countByTier,
  };
}

function userFrom(row: Row): User {
  return {
    id: Number(row['id']),
    tenantId: Number(row['tenant_id']),
    tenant: String(row['tenant']),
    email: String(row['email']),
    name: String(row['name']),
    tier: row['tier'] as Tier,
  };
}

/** Tokens are stored hashed, so that a copy of the database signs nobody in. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
