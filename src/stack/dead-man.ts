import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { HttpAnswer } from '../base/exchange.ts';
import { ask, type Server } from './http.ts';
import { shortened } from '../base/shortened.ts';

/** A dead-man's switch as it stands: it raises the alarm when it was not pinged for its period and then its grace. */
export interface SwitchState {
  readonly name: string;
  /** `new`, `up`, `grace`, `down` or `paused`: worked out from the time, so `down` does not show that anybody noticed. */
  readonly status: string;
  /** Absent for one that goes by a schedule. */
  readonly periodMs?: number | undefined;
  readonly graceMs: number;
  /** How many integrations it tells; absent when the key may not see them. */
  readonly integrations?: number | undefined;
  /** Every ping that it ever had. */
  readonly pings: number;
  readonly lastPing?: string | undefined;
}

/** A way in which the switch raises its alarm. */
export interface SwitchIntegration {
  readonly name: string;
  /** As Healthchecks calls it: `email`, `slack`, `pd`, `call`. */
  readonly kind: string;
}

export interface SwitchPing {
  /** Counted from 1. */
  readonly number: number;
  /** `success`, `start`, `fail`, `log` or `ign`: only the first keeps it quiet. */
  readonly type: string;
  readonly at: string;
  readonly method: string;
  readonly userAgent: string;
  readonly hasBody: boolean;
}

/** A change of status that the switch wrote down, and told. */
export interface SwitchFlip {
  readonly at: string;
  readonly up: boolean;
}

/** Questions to one check of Healthchecks (Management API v3). Every method throws a Fault (`stack/…`) when there is no usable answer. */
export interface DeadManSwitch {
  readonly url: string;
  /** The uuid of the check. */
  readonly check: string;
  /** Undefined when there is no such check. */
  state(signal: AbortSignal): Promise<SwitchState | undefined>;
  /** Whom it tells. Needs a key that may write. */
  integrations(signal: AbortSignal): Promise<readonly SwitchIntegration[]>;
  /** Newest first, as many as the server keeps. Needs a key that may write. */
  pings(signal: AbortSignal): Promise<readonly SwitchPing[]>;
  /** What a ping brought; empty when nothing was kept of it. Needs a key that may write. */
  pingBody(number: number, signal: AbortSignal): Promise<string>;
  /** Newest first. */
  flips(signal: AbortSignal): Promise<readonly SwitchFlip[]>;
}

const seconds = z
  .number()
  .nonnegative()
  .transform((value) => value * 1000);
const state = z
  .object({
    name: z.string().default(''),
    status: z.string(),
    timeout: seconds.optional(),
    grace: seconds,
    channels: z.string().optional(),
    n_pings: z.int().nonnegative(),
    last_ping: z.string().nullish(),
  })
  .transform(({ name, status, timeout, grace, channels, n_pings, last_ping }) => ({
    name,
    status,
    graceMs: grace,
    pings: n_pings,
    ...(timeout === undefined ? {} : { periodMs: timeout }),
    ...(channels === undefined ? {} : { integrations: channels.split(',').filter((id) => id.trim() !== '').length }),
    ...(typeof last_ping === 'string' ? { lastPing: last_ping } : {}),
  }));
const integrations = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string() })) });
const assigned = z.object({ channels: z.string() }).transform(({ channels }) => channels.split(',').map((id) => id.trim()));
const pings = z.object({
  pings: z.array(
    z
      .object({
        n: z.int(),
        type: z.string(),
        date: z.string(),
        method: z.string().nullish(),
        ua: z.string().nullish(),
        body_url: z.string().nullish(),
      })
      .transform(({ n, type, date, method, ua, body_url }) => ({
        number: n,
        type,
        at: date,
        method: method ?? '',
        userAgent: ua ?? '',
        hasBody: typeof body_url === 'string',
      })),
  ),
});
const flipList = z.array(
  z.object({ timestamp: z.string(), up: z.number() }).transform(({ timestamp, up }) => ({ at: timestamp, up: up === 1 })),
);
/** The documentation shows a bare list; some versions wrap it. */
const flips = z.union([flipList, z.object({ flips: flipList }).transform((wrapped) => wrapped.flips)]);

/** Nothing is contacted until it is asked something. */
export function connectDeadManSwitch(
  server: Server,
  { apiKey, check }: { readonly apiKey: string; readonly check: string },
): DeadManSwitch {
  const root = `/api/v3/checks/${encodeURIComponent(check)}`;
  const headers = { 'x-api-key': apiKey };
  /** The answer, unless it is one that says nothing of the check. Being refused is nearly always the key, and which of the two keys it is. */
  const find = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await ask(server, { method: 'GET', path, headers }, signal).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'stack/unauthorized') throw error;
      const hint = "is apiKey the read-write key of the check's own project? A read-only one may not read pings";
      throw new Fault(error.code, error.message, { hint, place: error.place });
    });
    const { status, text } = answer;
    if ((status >= 200 && status <= 299) || status === 404) return answer;
    throw new Fault('stack/unexpected-answer', `${server.name} answered GET ${path} with HTTP ${String(status)}: ${excerpt(text)}`, {
      hint: status === 429 ? 'it asks to be left alone: is something else using up its limit?' : undefined,
      place: server.place,
    });
  };
  const read = <Schema extends z.ZodType>(path: string, schema: Schema, { status, text }: HttpAnswer): z.output<Schema> => {
    const parsed = schema.safeParse(status === 404 ? undefined : jsonOf(text));
    if (parsed.success) return parsed.data;
    const why = status === 404 ? 'HTTP 404' : shortened(z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '), 200);
    throw new Fault(
      'stack/unexpected-answer',
      `${server.name} answered GET ${path} with something else than Healthchecks documents: ${why}`,
      {
        hint: `is ${server.url} really a Healthchecks?`,
        place: server.place,
      },
    );
  };

  return {
    url: server.url,
    check,
    state: async (signal) => {
      const found = await find(root, signal);
      return found.status === 404 ? undefined : read(root, state, found);
    },
    integrations: async (signal) => {
      const [own, all] = await Promise.all([find(root, signal), find('/api/v3/channels/', signal)]);
      const ids = read(root, assigned, own);
      const known = read('/api/v3/channels/', integrations, all).channels;
      return ids
        .filter((id) => id !== '')
        .map((id) => {
          const { name, kind } = known.find((each) => each.id === id) ?? { name: id, kind: 'unknown' };
          return { name, kind };
        });
    },
    pings: async (signal) => read(`${root}/pings/`, pings, await find(`${root}/pings/`, signal)).pings,
    pingBody: async (number, signal) => {
      const { status, text } = await find(`${root}/pings/${String(number)}/body`, signal);
      return status === 404 ? '' : text;
    },
    flips: async (signal) => read(`${root}/flips/`, flips, await find(`${root}/flips/`, signal)),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '(an empty body)' : shortened(line, 200);
}
