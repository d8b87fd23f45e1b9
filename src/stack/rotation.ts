import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { askJson, type Server } from './http.ts';

/** Somebody whom the rotation names now. */
export interface OnCall {
  readonly name: string;
  readonly email: string;
  /** 1 is called first. */
  readonly level: number;
  /** Absent when they are on call without end. */
  readonly until?: string | undefined;
}

const answer = z.looseObject({
  oncalls: z.array(
    z.looseObject({
      escalation_level: z.int(),
      end: z.string().nullish(),
      user: z.looseObject({ name: z.string().optional(), summary: z.string().nullish(), email: z.string().optional() }),
    }),
  ),
  more: z.boolean().optional(),
});

const perPage = 100;
const mostPages = 10;

/** Who is on call now by an escalation policy of PagerDuty, first level first. Source: REST API, `GET /oncalls`. */
export async function whoIsOnCall(server: Server, escalationPolicy: string, signal: AbortSignal): Promise<readonly OnCall[]> {
  // PagerDuty has a scheme of its own for API keys.
  const { token, ...keyless } = server;
  const headers = { authorization: `Token token=${token ?? ''}`, accept: 'application/vnd.pagerduty+json;version=2' };
  const found: OnCall[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = `escalation_policy_ids[]=${encodeURIComponent(escalationPolicy)}&include[]=users&limit=${String(perPage)}&offset=${String(page * perPage)}`;
    const parsed = answer.safeParse(await askJson(keyless, { method: 'GET', path: `/oncalls?${query}`, headers }, signal));
    if (!parsed.success) throw unexpected(server, z.prettifyError(parsed.error));
    for (const { user, escalation_level, end } of parsed.data.oncalls) {
      if (user.email === undefined) throw unexpected(server, 'a person without an e-mail address');
      const known = found.some(({ email, level }) => email === user.email && level === escalation_level);
      const until = typeof end === 'string' ? { until: end } : {};
      if (!known) found.push({ name: user.name ?? user.summary ?? user.email, email: user.email, level: escalation_level, ...until });
    }
    if (parsed.data.more !== true) break;
  }
  return found.toSorted((a, b) => a.level - b.level);
}

function unexpected(server: Server, says: string): Fault {
  return new Fault('stack/unexpected-answer', `${server.name} at ${server.url} answered GET /oncalls with ${says}`, {
    place: server.place,
  });
}
