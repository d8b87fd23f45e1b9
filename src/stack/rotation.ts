import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { askJson, type Server } from './http.ts';
import { shortened } from '../base/shortened.ts';

/** Somebody whom the rotation names now. */
export interface OnCall {
  readonly name: string;
  readonly email: string;
  /** 1 is called first. */
  readonly level: number;
  /** Absent when they are on call without end. */
  readonly until?: string | undefined;
}

/** The most that PagerDuty gives at once, and far more than one policy has. */
const pageSize = 100;
const mostPages = 20;

const onCallPage = z.object({
  oncalls: z.array(
    z.object({
      user: z.object({ name: z.string().nullish(), summary: z.string().nullish(), email: z.string() }),
      escalation_level: z.int(),
      end: z.iso.datetime({ offset: true }).nullish(),
    }),
  ),
  more: z.boolean().default(false),
});

/**
 * Who is on call now by an escalation policy of PagerDuty, first level first; nobody is an empty list. Source: `GET /oncalls`,
 * where one person stands once for each level and schedule: here they stand once, where they are called first.
 */
export async function whoIsOnCall(server: Server, escalationPolicy: string, signal: AbortSignal): Promise<readonly OnCall[]> {
  const found: OnCall[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const { oncalls, more } = await askPage(server, escalationPolicy, page * pageSize, signal);
    for (const { user, escalation_level: level, end } of oncalls) {
      const until = typeof end === 'string' ? { until: new Date(end).toISOString() } : {};
      found.push({ name: user.name ?? user.summary ?? user.email, email: user.email, level, ...until });
    }
    if (!more) break;
  }
  const first = found.toSorted((a, b) => a.level - b.level);
  return first.filter(({ email }, index) => first.findIndex((each) => isSame(each.email, email)) === index);
}

function isSame(email: string, other: string): boolean {
  return email.toLowerCase() === other.toLowerCase();
}

async function askPage(server: Server, escalationPolicy: string, offset: number, signal: AbortSignal): Promise<z.infer<typeof onCallPage>> {
  const query = new URLSearchParams([
    ['escalation_policy_ids[]', escalationPolicy],
    ['include[]', 'users'],
    ['earliest', 'true'],
    ['limit', String(pageSize)],
    ['offset', String(offset)],
  ]);
  const { token, ...anonymous } = server;
  const headers = {
    accept: 'application/vnd.pagerduty+json;version=2',
    // PagerDuty's own scheme: a bearer token is something else to it (OAuth).
    ...(token === undefined ? {} : { authorization: `Token token=${token}` }),
  };
  const path = `/oncalls?${query.toString()}`;
  const answer = await askJson(anonymous, { method: 'GET', path, headers }, signal).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code !== 'stack/unauthorized') throw error;
    const hint = 'is the token a REST API key, still valid, and may it read on-calls and users?';
    throw new Fault(error.code, error.message, { hint, place: error.place });
  });
  const parsed = onCallPage.safeParse(answer);
  if (parsed.success) return parsed.data;
  const why = shortened(z.prettifyError(parsed.error).replace(/\s+/g, ' '), 200);
  throw new Fault('stack/unexpected-answer', `${server.name} answered GET /oncalls with something else than PagerDuty documents: ${why}`, {
    hint: `is ${server.url} really PagerDuty's REST API?`,
    place: server.place,
  });
}
