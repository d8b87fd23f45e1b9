import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import type { Board, Panel } from '../board/board.ts';
import { isRange } from '../board/grafana.ts';
import type { Prometheus, Series } from '../stack/prometheus.ts';
import { withoutLogin } from './without-login.ts';

/** What is read of Grafana's `POST /api/ds/query`. */
export const queryRequest = z.looseObject({
  queries: z
    .array(
      z.looseObject({
        refId: z.string().min(1).max(100),
        expr: z.string().min(1).max(10_000),
        /** Asked over the panel's stretch of time; else for now. */
        range: z.boolean().optional(),
        maxDataPoints: z.number().positive().optional(),
      }),
    )
    .min(1)
    .max(100),
});
type Query = z.output<typeof queryRequest>['queries'][number];

interface Frame {
  readonly schema: { readonly refId: string; readonly fields: readonly object[]; readonly meta?: object };
  readonly data: { readonly values: readonly (readonly (number | string)[])[] };
}
export type Answer =
  { readonly status: number; readonly frames: readonly Frame[] } | { readonly status: number; readonly error: string; readonly frames: [] };

/** A rate over less than a few scrapes has nothing to go by; boards are no place for flicker. */
const rateWindow = '1m';
const usualPoints = 120;
const shortestStepMs = 1_000;

/** The panel on which a query stands; undefined when it is on none of the boards. Two panels may ask the same, one of them over time. */
export function panelWith({ expr, range }: Pick<Query, 'expr' | 'range'>, boards: readonly Board[]): Panel | undefined {
  const asking = boards.flatMap(({ panels }) => panels).filter(({ queries }) => queries.some(({ query }) => query === expr));
  return asking.find((panel) => isRange(panel) === (range === true)) ?? asking[0];
}

/** Answers one query, provided that it stands on a board which the reader may see: this is no open door to Prometheus. */
export async function answerQuery(
  query: Query,
  boards: readonly Board[],
  prometheus: Prometheus,
  now: Date,
  signal: AbortSignal,
): Promise<Answer> {
  const { refId, expr } = query;
  const panel = panelWith(query, boards);
  if (panel === undefined) return { status: 403, error: 'this query stands on no board that you may read', frames: [] };
  const expression = expr.replaceAll('$__rate_interval', rateWindow).replaceAll('$__range', formatDuration(panel.over));
  try {
    const toMs = now.getTime();
    const stepMs = Math.max(shortestStepMs, Math.round(panel.over / (query.maxDataPoints ?? usualPoints)));
    const series = isRange(panel)
      ? await prometheus.range(expression, { fromMs: toMs - panel.over, toMs, stepMs }, signal)
      : await prometheus.instant(expression, signal);
    // Samples come every step up to now; what ended before the last but one has ended.
    const meta = isRange(panel) ? { custom: { nowFromMs: toMs - 2 * stepMs } } : undefined;
    return { status: 200, frames: series.map((each) => frameOf(refId, each, meta)) };
  } catch (error) {
    if (signal.aborted) return { status: 504, error: withoutLogin(`${prometheus.url} gave no answer in time`), frames: [] };
    if (!(error instanceof Fault)) throw error;
    return { status: 502, error: withoutLogin(error.message), frames: [] };
  }
}

/** A series as Grafana's data frame: a column of times in ms and one of values. */
function frameOf(refId: string, { labels, samples }: Series, meta: object | undefined): Frame {
  return {
    schema: {
      refId,
      ...(meta === undefined ? {} : { meta }),
      fields: [
        { name: 'Time', type: 'time' },
        { name: 'Value', type: 'number', labels },
      ],
    },
    data: { values: [samples.map(([time]) => time), samples.map(([, value]) => value)] },
  };
}
