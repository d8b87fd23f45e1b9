import type { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import { exchange, type HttpAnswer } from '../base/exchange.ts';
import * as answers from './board-server/answers.ts';
import type { DataSource, DataSources } from './board-server/data-sources.ts';
import { readFrames, type Told } from './board-server/frames.ts';
import { heightOf, shownPanel, unfolded, type ShownPanel, type ShownQuery } from './board-server/panels.ts';
import { resolveVariables, type Unresolved } from './board-server/variables.ts';
import type { Server } from './http.ts';

export type { ShownPanel, ShownQuery } from './board-server/panels.ts';

/** Under whose name something is asked; `gate` is the token that the gate has for the server, where it has one. */
export type AskedAs = { readonly email: string; readonly password: string } | 'nobody' | 'gate';

/** A dashboard as the server has it, everything in it resolved. Source: Grafana's `GET /api/dashboards/uid/:uid`. */
export interface ShownDashboard {
  readonly title: string;
  /** As Grafana writes it: `30s`; empty when it does not refresh itself. */
  readonly refresh: string;
  /** The intervals that its page offers, where it names them itself. */
  readonly intervals?: readonly string[] | undefined;
  /** The server's min_refresh_interval, where it tells. */
  readonly minimumRefresh?: string | undefined;
  /** Rows are left out, and what is folded into them is not. */
  readonly panels: readonly ShownPanel[];
  readonly unresolved: readonly Unresolved[];
  /** Whether it may be opened without credentials by whoever has its link. */
  readonly isPublic: boolean;
  /** Where its page is. */
  readonly path: string;
  readonly heightPx: number;
  /** The stretch of time that it opens with. */
  readonly from: string;
  readonly to: string;
  /** By whose right its parts can be read. */
  readonly reader: AskedAs;
  /** Of its public link, when it is opened by that. */
  readonly accessToken?: string | undefined;
}

export interface QueryAnswer extends Told {
  readonly error?: string | undefined;
}

export interface Refused {
  readonly refused: number;
}

/** Questions to a server of boards: a Grafana, or liveproof's own, which answers the same questions in Grafana's way. */
export interface BoardServer {
  readonly url: string;
  /** Which of the two it is, by its own answer. */
  flavour(signal: AbortSignal): Promise<'grafana' | 'liveproof'>;
  /** The HTTP status with which a dashboard is refused, or the dashboard. Nobody in particular gets it by its public link, which the gate's token finds. */
  dashboard(uid: string, as: AskedAs, signal: AbortSignal): Promise<ShownDashboard | Refused>;
  /** What its data source answers to a query of a panel. Source: Grafana's `POST /api/ds/query`; of a public link, its panel's query. */
  query(dashboard: ShownDashboard, panel: ShownPanel, query: ShownQuery, as: AskedAs, signal: AbortSignal): Promise<QueryAnswer | Refused>;
  /** What a data source answers to an expression of our own, asked for now; a Grafana allows that, liveproof's own server does not. */
  ask(source: DataSource, expression: string, as: AskedAs, signal: AbortSignal): Promise<QueryAnswer | Refused>;
}

/** As a wide panel asks: a coarse step would leave out the newest values, for Grafana aligns times to it. */
const maxDataPoints = 1_000;
const shortestStepMs = 1_000;
const usualStepMs = 15_000;

/** Nothing is contacted until it is asked something. */
export function connectBoardServer(server: Server): BoardServer {
  const send = async (method: 'GET' | 'POST', path: string, as: AskedAs, signal: AbortSignal, json?: unknown): Promise<HttpAnswer> => {
    try {
      return await exchange({ method, url: `${server.url}${path}`, headers: credentials(as, server.token), json }, signal);
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
    if (status !== 200) throw unexpected(path, `with HTTP ${String(status)}${messageIn(text)}`);
    const result = schema.safeParse(jsonOf(text));
    if (!result.success) throw unexpected(path, 'without what we need');
    return result.data;
  };
  /** What may be missing, or be refused: undefined then. */
  const optional = async <Schema extends z.ZodType>(schema: Schema, path: string, as: AskedAs, signal: AbortSignal) => {
    const answer = await send('GET', path, as, signal);
    const result = answer.status === 200 ? schema.safeParse(jsonOf(answer.text)) : undefined;
    return result?.success === true ? result.data : undefined;
  };

  const resolved = async (
    answer: answers.DashboardAnswer,
    where: Pick<ShownDashboard, 'path' | 'reader' | 'accessToken'> & { readonly uid: string },
    signal: AbortSignal,
  ): Promise<ShownDashboard> => {
    const { dashboard, meta } = answer;
    const settings = await optional(answers.frontendSettings, '/api/frontend/settings', where.reader, signal);
    const sources: DataSources | undefined = settings && {
      all: Object.values(settings.datasources),
      defaultName: settings.defaultDatasource,
    };
    const { variables, unresolved } = await resolveVariables(dashboard.templating?.list ?? [], sources, async (source, label, match) => {
      const query = match === undefined ? '' : `?${new URLSearchParams({ 'match[]': match }).toString()}`;
      const path = `/api/datasources/uid/${encodeURIComponent(source.uid)}/resources/api/v1/label/${encodeURIComponent(label)}/values${query}`;
      return (await optional(answers.labelValues, path, where.reader, signal))?.data;
    });
    const panels = await unfolded(dashboard, async (uid) => {
      const element = await optional(answers.libraryElement, `/api/library-elements/${encodeURIComponent(uid)}`, where.reader, signal);
      return element?.result.model ?? `there is no library panel "${uid}" that it may read`;
    });
    // Whoever may view a dashboard may see whether it has a public link; not every version says so with the dashboard itself.
    const isLinked = where.accessToken !== undefined || meta?.publicDashboardEnabled === true;
    const link = isLinked
      ? undefined
      : await optional(answers.publicDashboard, `${placeOf(where.uid)}/public-dashboards`, where.reader, signal);
    const { uid: _uid, ...place } = where;
    const intervals = dashboard.timepicker?.refresh_intervals ?? undefined;
    return {
      title: dashboard.title,
      refresh: typeof dashboard.refresh === 'string' ? dashboard.refresh : '',
      ...(intervals === undefined ? {} : { intervals }),
      ...(settings === undefined || settings.minRefreshInterval === '' ? {} : { minimumRefresh: settings.minRefreshInterval }),
      panels: panels.map(({ panel, trouble }) => shownPanel(panel, trouble, sources, variables)),
      unresolved,
      isPublic: isLinked || link?.isEnabled === true,
      heightPx: heightOf(dashboard),
      from: dashboard.time?.from ?? 'now-6h',
      to: dashboard.time?.to ?? 'now',
      ...place,
    };
  };

  /** By its public link, which only somebody with rights can find. */
  const byLink = async (uid: string, refused: number, signal: AbortSignal): Promise<ShownDashboard | Refused> => {
    const own = placeOf(uid);
    const whole = await send('GET', own, 'gate', signal);
    if (whole.status === 404) return { refused: 404 };
    const link = await optional(answers.publicDashboard, `${own}/public-dashboards`, 'gate', signal);
    if (link === undefined) return { refused };
    const opened = await send('GET', `/api/public/dashboards/${link.accessToken}`, 'nobody', signal);
    if (opened.status !== 200) return { refused: opened.status };
    const { accessToken } = link;
    return resolved(
      parsed(answers.dashboardAnswer, own, whole),
      { path: `/public-dashboards/${accessToken}`, uid, reader: 'gate', accessToken },
      signal,
    );
  };

  const results = async (path: string, body: object, refId: string, as: AskedAs, signal: AbortSignal): Promise<QueryAnswer | Refused> => {
    const answer = await send('POST', path, as, signal, body);
    const read = answers.queryAnswer.safeParse(jsonOf(answer.text));
    if (!read.success) {
      if (isRefusal(answer.status)) return { refused: answer.status };
      return { values: 0, error: `HTTP ${String(answer.status)}${messageIn(answer.text)}` };
    }
    const result = read.data.results[refId];
    if (result === undefined) throw unexpected(path, 'without a result for what was asked');
    return { ...readFrames(result.frames ?? []), ...(result.error === undefined ? {} : { error: result.error }) };
  };

  return {
    url: server.url,
    flavour: async (signal) => {
      const path = '/api/health';
      return parsed(answers.health, path, await send('GET', path, 'nobody', signal)).liveproof === undefined ? 'grafana' : 'liveproof';
    },
    dashboard: async (uid, as, signal) => {
      const path = placeOf(uid);
      const answer = await send('GET', path, as, signal);
      if (answer.status === 401 && as === 'nobody' && server.token !== undefined) return byLink(uid, answer.status, signal);
      if (isRefusal(answer.status)) return { refused: answer.status };
      return resolved(parsed(answers.dashboardAnswer, path, answer), { path: `/d/${encodeURIComponent(uid)}`, uid, reader: as }, signal);
    },
    query: async (dashboard, panel, query, as, signal) => {
      const { refId, expression, isRange, dataSource } = query;
      const { from, to, accessToken } = dashboard;
      const asking = { intervalMs: stepFor(from, to), maxDataPoints };
      if (accessToken !== undefined) {
        const path = `/api/public/dashboards/${accessToken}/panels/${panel.id}/query`;
        return results(path, { ...asking, timeRange: { from, to, timezone: 'browser' } }, refId, 'nobody', signal);
      }
      const asked = {
        refId,
        expr: expression,
        datasource: { uid: dataSource?.uid, type: dataSource?.type },
        instant: !isRange,
        range: isRange,
      };
      return results('/api/ds/query', { from, to, queries: [{ ...asked, ...asking }] }, refId, as, signal);
    },
    ask: async ({ uid, type }, expression, as, signal) => {
      const query = {
        refId: 'A',
        expr: expression,
        datasource: { uid, type },
        instant: true,
        range: false,
        intervalMs: usualStepMs,
        maxDataPoints,
      };
      return results('/api/ds/query', { from: 'now-5m', to: 'now', queries: [query] }, 'A', as, signal);
    },
  };
}

/** Of the ranges that dashboards open with, `now-1h` to `now`; others are asked at a usual step. */
function stepFor(from: string, to: string): number {
  const rangeMs = to === 'now' && from.startsWith('now-') ? parseDuration(from.slice('now-'.length)) : undefined;
  return rangeMs === undefined ? usualStepMs : Math.max(shortestStepMs, Math.round(rangeMs / maxDataPoints));
}

function placeOf(uid: string): string {
  return `/api/dashboards/uid/${encodeURIComponent(uid)}`;
}

function isRefusal(status: number): boolean {
  return [401, 403, 404].includes(status);
}

function credentials(as: AskedAs, token: string | undefined): Readonly<Record<string, string>> {
  if (as === 'nobody') return {};
  if (as === 'gate') return token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { authorization: `Basic ${Buffer.from(`${as.email}:${as.password}`).toString('base64')}` };
}

/** The server's own words, where it gives them. */
function messageIn(text: string): string {
  const json = jsonOf(text);
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  return typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
