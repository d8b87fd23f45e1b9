import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { exchange, type HttpAnswer } from '../base/exchange.ts';
import type { Server } from './http.ts';

/** Under whose name something is asked. */
export type AskedAs = { readonly email: string; readonly password: string } | 'nobody';

export interface ShownPanel {
  readonly title: string;
  readonly queries: readonly string[];
}

/** A dashboard as the server has it. Source: Grafana's `GET /api/dashboards/uid/:uid`. */
export interface ShownDashboard {
  readonly title: string;
  /** As Grafana writes it: `30s`; empty when it does not refresh itself. */
  readonly refresh: string;
  /** Rows are left out, and what is folded into them is not. */
  readonly panels: readonly ShownPanel[];
}

export interface QueryAnswer {
  /** Values that are numbers. */
  readonly values: number;
  readonly error?: string | undefined;
}

/** Questions to a server of boards: a Grafana, or liveproof's own, which answers the same questions in Grafana's way. */
export interface BoardServer {
  readonly url: string;
  /** Which of the two it is, by its own answer. */
  flavour(signal: AbortSignal): Promise<'grafana' | 'liveproof'>;
  /** The HTTP status with which a dashboard is refused, or the dashboard. */
  dashboard(uid: string, as: AskedAs, signal: AbortSignal): Promise<ShownDashboard | { readonly refused: number }>;
  /** What its data source answers to a query of a board. Source: Grafana's `POST /api/ds/query`. */
  query(expression: string, isRange: boolean, as: AskedAs, signal: AbortSignal): Promise<QueryAnswer | { readonly refused: number }>;
}

const health = z.looseObject({ liveproof: z.string().optional(), database: z.string().optional() });
const target = z.looseObject({ expr: z.string().optional() });
const panel = z.looseObject({ title: z.string().default(''), type: z.string().default(''), targets: z.array(target).default([]) });
const shown = z.looseObject({
  dashboard: z.looseObject({
    title: z.string(),
    refresh: z.union([z.string(), z.boolean()]).default(''),
    panels: z.array(panel.extend({ panels: z.array(panel).default([]) })).default([]),
  }),
});
const answered = z.looseObject({
  results: z.record(
    z.string(),
    z.looseObject({
      error: z.string().optional(),
      frames: z.array(z.looseObject({ data: z.looseObject({ values: z.array(z.array(z.unknown())).default([]) }) })).default([]),
    }),
  ),
});

/** Nothing is contacted until it is asked something. */
export function connectBoardServer(server: Server): BoardServer {
  const ask = async (method: 'GET' | 'POST', path: string, as: AskedAs, signal: AbortSignal, json?: unknown): Promise<HttpAnswer> => {
    const headers = as === 'nobody' ? {} : { authorization: `Basic ${Buffer.from(`${as.email}:${as.password}`).toString('base64')}` };
    try {
      return await exchange({ method, url: `${server.url}${path}`, headers, json }, signal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const hint = 'is it running? liveproof serves boards with: liveproof boards GATE_FILE';
      throw new Fault('stack/unreachable', `the board server at ${server.url} cannot be reached`, {
        hint,
        place: server.place,
        cause: error,
      });
    }
  };
  const unexpected = (path: string, says: string): Fault =>
    new Fault('stack/unexpected-answer', `the board server answered ${path} ${says}`, {
      hint: `is ${server.url} a Grafana, or liveproof's own?`,
      place: server.place,
    });
  const parsed = <Schema extends z.ZodType>(schema: Schema, path: string, { status, text }: HttpAnswer): z.output<Schema> => {
    if (status !== 200) throw unexpected(path, `with HTTP ${String(status)}`);
    const result = schema.safeParse(jsonOf(text));
    if (!result.success) throw unexpected(path, 'without what we need');
    return result.data;
  };
  const isRefusal = (status: number): boolean => [401, 403, 404].includes(status);

  return {
    url: server.url,
    flavour: async (signal) => {
      const path = '/api/health';
      return parsed(health, path, await ask('GET', path, 'nobody', signal)).liveproof === undefined ? 'grafana' : 'liveproof';
    },
    dashboard: async (uid, as, signal) => {
      const path = `/api/dashboards/uid/${encodeURIComponent(uid)}`;
      const answer = await ask('GET', path, as, signal);
      if (isRefusal(answer.status)) return { refused: answer.status };
      const { dashboard } = parsed(shown, path, answer);
      const panels = dashboard.panels.flatMap((each) => (each.type === 'row' ? each.panels : [each]));
      return {
        title: dashboard.title,
        refresh: typeof dashboard.refresh === 'string' ? dashboard.refresh : '',
        panels: panels.map(({ title, targets }) => ({ title, queries: targets.flatMap(({ expr }) => expr ?? []) })),
      };
    },
    query: async (expression, isRange, as, signal) => {
      const path = '/api/ds/query';
      const query = {
        refId: 'A',
        expr: expression,
        datasource: { uid: 'prometheus', type: 'prometheus' },
        instant: !isRange,
        range: isRange,
      };
      const body = { from: 'now-1h', to: 'now', queries: [{ ...query, intervalMs: 15_000, maxDataPoints: 100 }] };
      const answer = await ask('POST', path, as, signal, body);
      if (isRefusal(answer.status)) return { refused: answer.status };
      const result = parsed(answered, path, answer).results['A'];
      if (result === undefined) throw unexpected(path, 'without a result for what was asked');
      const values = result.frames.flatMap(({ data }) => data.values.slice(1).flat());
      return { values: values.filter((value) => typeof value === 'number').length, error: result.error };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
