import type { DataSource, Target } from './model.ts';
import { formatInterval, intervalMs } from './time.ts';

export interface Frame {
  readonly schema: {
    readonly refId: string;
    readonly meta: Readonly<Record<string, unknown>>;
    readonly fields: readonly Readonly<Record<string, unknown>>[];
  };
  readonly data: { readonly values: readonly (readonly (number | null)[])[]; readonly entities?: readonly unknown[] };
}

/** One query's result in Grafana's answer. */
export type Result =
  | { readonly status: 200; readonly frames: readonly Frame[] }
  | { readonly error: string; readonly errorSource: string; readonly status: number; readonly frames: readonly Frame[] };

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface PrometheusAnswer {
  readonly status: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: {
    readonly resultType: string;
    readonly result:
      | readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly value?: [number, string];
          readonly values?: [number, string][];
        }[]
      | [number, string];
  };
}

const usualScrapeInterval = '15s';
const mostPoints = 11_000;

/** Asks the real Prometheus behind a data source, as Grafana's Prometheus plug-in does: built-in variables resolved, times aligned to the step. */
export async function runQuery(target: Target, source: DataSource, { fromMs, toMs }: Span): Promise<Result> {
  const scrapeMs = intervalMs(source.jsonData?.timeInterval ?? usualScrapeInterval);
  const rangeMs = toMs - fromMs;
  const wantedMs = target.intervalMs ?? rangeMs / (target.maxDataPoints ?? 100);
  const stepMs = Math.max(scrapeMs, wantedMs, Math.ceil(rangeMs / mostPoints / 1_000) * 1_000);
  const expression = withBuiltIns(target.expr ?? '', { stepMs, rangeMs, scrapeMs });
  const isRange = target.range !== false && target.instant !== true;
  const alignedS = (ms: number): string => String((Math.floor(ms / stepMs) * stepMs) / 1_000);
  const parameters = isRange
    ? { query: expression, start: alignedS(fromMs), end: alignedS(toMs), step: String(stepMs / 1_000) }
    : { query: expression, time: String(toMs / 1_000) };
  const meta = { executedQueryString: `Expr: ${expression}\nStep: ${formatInterval(Math.round(stepMs))}` };
  try {
    const answer = await fetch(`${source.url}/api/v1/${isRange ? 'query_range' : 'query'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(parameters).toString(),
      signal: AbortSignal.timeout(30_000),
    });
    const body = (await answer.json()) as PrometheusAnswer;
    if (body.status !== 'success' || body.data === undefined) {
      const error = `${body.errorType ?? 'error'}: ${body.error ?? 'no answer'}`;
      return { error, errorSource: 'downstream', status: answer.status, frames: [] };
    }
    return { status: 200, frames: framesOf(target, body.data, meta, stepMs) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      error: `Post "${source.url}/api/v1/${isRange ? 'query_range' : 'query'}": dial tcp: ${cause}`,
      errorSource: 'downstream',
      status: 500,
      frames: [],
    };
  }
}

function withBuiltIns(expression: string, { stepMs, rangeMs, scrapeMs }: { stepMs: number; rangeMs: number; scrapeMs: number }): string {
  const rateMs = Math.max(stepMs + scrapeMs, 4 * scrapeMs);
  const values: Readonly<Record<string, string>> = {
    __rate_interval_ms: String(rateMs),
    __rate_interval: `${String(Math.round(rateMs))}ms`,
    __interval_ms: String(Math.round(stepMs)),
    __interval: `${String(Math.round(stepMs))}ms`,
    __range_ms: String(rangeMs),
    __range_s: String(Math.round(rangeMs / 1_000)),
    __range: `${String(Math.round(rangeMs / 1_000))}s`,
  };
  return expression.replaceAll(
    /\$(?:\{(__\w+)\}|(__\w+))/g,
    (written, braced?: string, bare?: string) => values[braced ?? bare ?? ''] ?? written,
  );
}

function framesOf(target: Target, data: NonNullable<PrometheusAnswer['data']>, meta: object, stepMs: number): readonly Frame[] {
  const { refId, legendFormat = '' } = target;
  const isMatrix = data.resultType === 'matrix';
  const custom = {
    ...meta,
    type: isMatrix ? 'timeseries-multi' : 'numeric-multi',
    typeVersion: [0, 1],
    custom: { resultType: data.resultType },
  };
  const series =
    data.resultType === 'scalar' || !isSeries(data.result)
      ? [{ metric: {}, samples: [data.result as unknown as [number, string]] }]
      : data.result.map(({ metric, value, values }) => ({ metric, samples: values ?? (value === undefined ? [] : [value]) }));
  // Grafana sends a frame without fields for no series at all.
  if (series.length === 0) return [{ schema: { refId, meta: custom, fields: [] }, data: { values: [] } }];
  return series.map(({ metric, samples }) => {
    const { __name__: name, ...labels } = metric as Record<string, string>;
    const numbers = samples.map(([, text]) => Number(text));
    const notNumbers = numbers.flatMap((value, index) => (Number.isNaN(value) ? [index] : []));
    const display = legendOf(legendFormat, labels);
    return {
      schema: {
        refId,
        meta: custom,
        fields: [
          { name: 'Time', type: 'time', typeInfo: { frame: 'time.Time' }, config: { interval: stepMs } },
          {
            name: name ?? 'Value',
            type: 'number',
            typeInfo: { frame: 'float64' },
            labels: metric,
            config: display === undefined ? {} : { displayNameFromDS: display },
          },
        ],
      },
      data: {
        values: [samples.map(([time]) => Math.round(time * 1_000)), numbers.map((value) => (Number.isFinite(value) ? value : null))],
        ...(notNumbers.length === 0 ? {} : { entities: [null, { NaN: notNumbers }] }),
      },
    };
  });
}

function isSeries(
  result: NonNullable<PrometheusAnswer['data']>['result'],
): result is Extract<typeof result, readonly { readonly metric: unknown }[]> {
  return result.every((each) => typeof each === 'object');
}

function legendOf(format: string, labels: Readonly<Record<string, string>>): string | undefined {
  if (format === '' || format === '__auto') return undefined;
  return format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
