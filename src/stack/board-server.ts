import { parseDuration } from '../base/duration.ts';
import * as answers from './board-server/answers.ts';
import type { DataSource } from './board-server/data-sources.ts';
import { readFrames, type Told } from './board-server/frames.ts';
import type { ShownPanel, ShownQuery } from './board-server/panels.ts';
import { jsonOf, messageIn, questionsTo } from './board-server/questions.ts';
import { placeOf, resolveDashboard } from './board-server/resolve.ts';
import type { AskedAs, ShownDashboard } from './board-server/shown.ts';
import type { Server } from './http.ts';

export type { ShownPanel, ShownQuery } from './board-server/panels.ts';
export type { AskedAs, ShownDashboard } from './board-server/shown.ts';

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
  const questions = questionsTo(server);
  const { send, parsed, optional, unexpected } = questions;

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
    return resolveDashboard(
      questions,
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
    if (result === undefined) throw unexpected('a query', 'without a result for what was asked');
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
      return resolveDashboard(
        questions,
        parsed(answers.dashboardAnswer, path, answer),
        { path: `/d/${encodeURIComponent(uid)}`, uid, reader: as },
        signal,
      );
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

function isRefusal(status: number): boolean {
  return [401, 403, 404].includes(status);
}
