import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Folder, Stored, User, World } from './model.ts';

const sessionCookie = 'grafana_session';

/** A person, the service account, or nobody; a reason when the credentials are wrong. */
export type Caller = User | 'service-account' | 'nobody' | 'wrong-password' | 'wrong-token';

export interface Accounts {
  callerOf(context: Context): Caller;
  /** Begins a session; undefined when the password is wrong. */
  signIn(context: Context, login: unknown, password: unknown): User | undefined;
}

export function createAccounts(world: World): Accounts {
  const sessions = new Map<string, User>();
  const known = (login: unknown, password: unknown): User | undefined =>
    world.users.find((user) => [user.login, user.email].includes(String(login)) && user.password === password);
  return {
    callerOf: (context) => {
      const header = context.req.header('authorization');
      const [, scheme = '', value = ''] = /^(Basic|Bearer) (.+)$/i.exec(header ?? '') ?? [];
      if (scheme.toLowerCase() === 'bearer') return value === world.token ? 'service-account' : 'wrong-token';
      if (scheme.toLowerCase() === 'basic') {
        const [, login, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
        return known(login, password) ?? 'wrong-password';
      }
      return sessions.get(getCookie(context, sessionCookie) ?? '') ?? 'nobody';
    },
    signIn: (context, login, password) => {
      const user = known(login, password);
      if (user === undefined) return undefined;
      const session = randomBytes(16).toString('hex');
      sessions.set(session, user);
      setCookie(context, sessionCookie, session, { httpOnly: true, path: '/', sameSite: 'Lax' });
      setCookie(context, `${sessionCookie}_expiry`, String(Math.floor(Date.now() / 1000) + 600), { path: '/', sameSite: 'Lax' });
      return user;
    },
  };
}

export function mayView(caller: User | 'service-account', stored: Stored, folders: ReadonlyMap<string, Folder>): boolean {
  if (caller === 'service-account' || caller.role === 'Admin') return true;
  const viewers = folders.get(stored.folderUid)?.viewers ?? 'everybody';
  return viewers === 'everybody' || viewers.some((team) => caller.teams.includes(team));
}
