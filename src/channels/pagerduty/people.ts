import { user } from './answers.ts';
import type { Story } from './arrivals.ts';
import type { Client } from './client.ts';

/** Tells which users of PagerDuty the wanted people are, among those whom incidents speak of. */
export interface People {
  idsIn(stories: readonly Story[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

/** The log names users by id; only the users themselves tell their addresses. */
export function createPeople(client: Client, wanted: readonly string[]): People {
  const emails = new Map<string, string>();
  const addresses = new Set(wanted.map((email) => email.toLowerCase()));
  return {
    idsIn: async (stories, signal) => {
      const ids = new Set(stories.flatMap(({ log }) => log.flatMap((entry) => entry.user?.id ?? [])));
      for (const id of ids) {
        if (emails.has(id)) continue;
        const found = await client.get(`/users/${encodeURIComponent(id)}`, user, signal);
        emails.set(id, found.user.email.toLowerCase());
      }
      return new Set([...ids].filter((id) => addresses.has(emails.get(id) ?? '')));
    },
  };
}
