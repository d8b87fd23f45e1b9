import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import { askJson, askText, type Server } from './http.ts';
import type { Labels } from './labels.ts';
import * as answers from './prometheus/answers.ts';
import { delaysOfVictoriaMetrics, notifiersOf, speaksMetricsql, type Delays } from './victoria-metrics.ts';

export type { Labels };

/** A target as Prometheus scrapes it. Source: `/api/v1/targets`. */
export interface Target {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
  /** Absent on servers older than 2.24, and on a VictoriaMetrics that drops original labels. */
  readonly scrapeIntervalMs?: number | undefined;
}

/** The raw samples of one series: `[time in ms, value]`, oldest first. Values are numbers, NaN and infinities as text. */
export interface Series {
  readonly labels: Labels;
  readonly samples: readonly (readonly [timeMs: number, value: number | string])[];
}

export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
}

/** An alerting rule as the running server has it loaded. Source: `/api/v1/rules`. */
export interface LoadedRule {
  readonly group: string;
  readonly file: string;
  readonly groupIntervalMs: number;
  readonly name: string;
  /** As Prometheus prints it. */
  readonly query: string;
  /** The rule's `for`. */
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly health: string;
  readonly lastError: string;
  readonly lastEvaluation: string;
  readonly alerts: readonly ActiveAlert[];
}

/** What Prometheus says of its own storage. Source: `/api/v1/status/runtimeinfo`, `/api/v1/status/flags`. */
export interface StorageInfo {
  /** As printed: `30d`, `30d or 512MiB`, `15d`. */
  readonly retention: string;
  readonly reloadConfigSuccess: boolean;
  readonly flags: Labels;
}

/** Questions to a running Prometheus, or a server that answers like one. Every method throws a Fault (`stack/…`) when the server gives no usable answer. */
export interface Prometheus {
  readonly url: string;
  /** Empty where the server does not tell it. */
  version(signal: AbortSignal): Promise<string>;
  targets(signal: AbortSignal): Promise<readonly Target[]>;
  /** An instant query's vector: one sample a series, stamped with the evaluation time (so it says nothing about freshness). */
  instant(expression: string, signal: AbortSignal): Promise<readonly Series[]>;
  /** The expression's value every `stepMs` between two moments. */
  range(
    expression: string,
    between: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    signal: AbortSignal,
  ): Promise<readonly Series[]>;
  /** The samples as they were scraped, with their own timestamps, of the last `windowMs`. */
  rawSamples(selector: string, windowMs: number, signal: AbortSignal): Promise<readonly Series[]>;
  /** What has to be waited for on top of scrapes and evaluations; nothing on Prometheus. */
  delays(signal: AbortSignal): Promise<Delays>;
  /** The types that scrapes announced for a metric: `counter`, `gauge`, `histogram`…; empty when it is not known. */
  metricTypes(metric: string, signal: AbortSignal): Promise<readonly string[]>;
  /** All alerting rules, every page of them. */
  alertingRules(signal: AbortSignal): Promise<readonly LoadedRule[]>;
  /** The expression in the server's own spelling, so that two can be compared; as it was given where the server has none. */
  formatQuery(expression: string, signal: AbortSignal): Promise<string>;
  /** The Alertmanagers that alerts are sent to, as URLs; undefined when the server cannot tell. */
  activeAlertmanagers(signal: AbortSignal): Promise<readonly string[] | undefined>;
  /** Its configuration in YAML, secrets hidden by the server; undefined when the server cannot tell. */
  configuration(signal: AbortSignal): Promise<string | undefined>;
  storage(signal: AbortSignal): Promise<StorageInfo>;
  /** The server's own `/metrics`, as text. */
  ownMetrics(signal: AbortSignal): Promise<string>;
}

/** Groups of rules asked for at a time; servers that do not page send all of them and ignore it. */
const groupsPerPage = 200;

/**
 * The client of a server that speaks Prometheus' HTTP API. Nothing is contacted until it is asked something.
 * `rulesServer` is the one that runs the rules, where that is another one: vmalert, for VictoriaMetrics.
 */
export function connectPrometheus(server: Server, rulesServer: Server = server): Prometheus {
  const get = async <Schema extends z.ZodType>(path: string, data: Schema, signal: AbortSignal): Promise<z.output<Schema>> =>
    ((await askParsed(server, path, z.object({ data }), signal)) as { data: z.output<Schema> }).data;
  // Unless it is told not to use its cache, VictoriaMetrics answers as of half a minute ago, and moves the ends of a range.
  const query = async (expression: string, signal: AbortSignal): Promise<readonly Series[]> =>
    (await get(`/api/v1/query?query=${encodeURIComponent(expression)}&nocache=1`, answers.queryResult, signal)).result;
  /** What VictoriaMetrics does not have, Prometheus does: a refusal by anybody else remains one. */
  const unlessVictoriaMetrics = async <Answer, Instead>(
    wanted: Promise<Answer>,
    instead: () => Promise<Instead> | Instead,
    signal: AbortSignal,
  ): Promise<Answer | Instead> => {
    try {
      return await wanted;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'stack/unexpected-answer' || !(await speaksMetricsql(query, signal))) throw error;
      return await instead();
    }
  };

  return {
    url: server.url,
    version: async (signal) => (await get('/api/v1/status/buildinfo', answers.buildInfo, signal)).version ?? '',
    targets: async (signal) => (await get('/api/v1/targets?state=active', answers.targets, signal)).activeTargets,
    instant: query,
    range: async (expression, { fromMs, toMs, stepMs }, signal) => {
      const between = { start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepMs / 1000) };
      const parameters = new URLSearchParams({ query: expression, ...between, nocache: '1' }).toString();
      return (await get(`/api/v1/query_range?${parameters}`, answers.queryResult, signal)).result;
    },
    rawSamples: (selector, windowMs, signal) => query(`${selector}[${formatDuration(windowMs)}]`, signal),
    delays: async (signal) => ((await speaksMetricsql(query, signal)) ? delaysOfVictoriaMetrics : { newSeriesMs: 0, rulesMs: 0 }),
    metricTypes: async (metric, signal) => {
      const known = await get(`/api/v1/metadata?metric=${encodeURIComponent(metric)}`, answers.metadata, signal);
      return [...new Set((known[metric] ?? []).map(({ type }) => type))];
    },
    alertingRules: async (signal) => {
      const rules: LoadedRule[] = [];
      // A set goes on to what is added while it is walked: each page names the next one.
      const pages = new Set(['']);
      for (const from of pages) {
        const path = `/api/v1/rules?type=alert&group_limit=${String(groupsPerPage)}${from}`;
        const page = await askParsed(rulesServer, path, answers.rulesPage, signal);
        rules.push(...page.rules);
        if (page.next === undefined) continue;
        if (pages.has(page.next)) throw unexpected(rulesServer, `${rulesServer.name} sends the same page of rules again and again`);
        pages.add(page.next);
      }
      return rules;
    },
    formatQuery: async (expression, signal) =>
      await unlessVictoriaMetrics(
        get(`/api/v1/format_query?query=${encodeURIComponent(expression)}`, answers.formatted, signal),
        () => expression,
        signal,
      ),
    activeAlertmanagers: async (signal) =>
      await unlessVictoriaMetrics(
        get('/api/v1/alertmanagers', answers.alertmanagers, signal).then(({ activeAlertmanagers }) =>
          activeAlertmanagers.map(({ url }) => url),
        ),
        () => notifiersOf(rulesServer, signal),
        signal,
      ),
    configuration: async (signal) =>
      await unlessVictoriaMetrics(
        get('/api/v1/status/config', answers.configuration, signal).then(({ yaml }) => yaml),
        () => undefined,
        signal,
      ),
    storage: async (signal) => {
      const both = Promise.all([
        get('/api/v1/status/runtimeinfo', answers.runtimeInfo, signal),
        get('/api/v1/status/flags', answers.flags, signal),
      ]);
      const [info, flags] = await unlessVictoriaMetrics(both, () => Promise.reject(noFlags(server)), signal);
      return { retention: info.storageRetention, reloadConfigSuccess: info.reloadConfigSuccess, flags };
    },
    ownMetrics: (signal) => askText(server, { method: 'GET', path: '/metrics' }, signal),
  };
}

async function askParsed<Schema extends z.ZodType>(
  server: Server,
  path: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await askJson(server, { method: 'GET', path }, signal));
  if (parsed.success) return parsed.data;
  throw unexpected(server, `${server.name} answered GET ${path} without what we need: ${missing(parsed.error)}`);
}

function unexpected(server: Server, says: string): Fault {
  const hint = `is ${server.name} at this address a Prometheus, and of a version that we know?`;
  return new Fault('stack/unexpected-answer', says, { hint, place: server.place });
}

function noFlags(server: Server): Fault {
  return new Fault(
    'stack/unexpected-answer',
    `${server.name} is a VictoriaMetrics whose own /metrics page cannot be read at this address`,
    {
      hint: 'only that page tells its retention: name the server itself, not a proxy; of a cluster it stands on each vmstorage, which a gate does not question',
      place: server.place,
    },
  );
}

/** `data.activeTargets[0].health: expected string`, for the first few problems. */
function missing(error: z.ZodError): string {
  const shown = error.issues.slice(0, 3).map(({ path, message }) => `${dotted(path)}: ${message}`);
  const left = error.issues.length - shown.length;
  return shown.join('; ') + (left > 0 ? `; and ${String(left)} more` : '');
}

function dotted(path: readonly PropertyKey[]): string {
  return (
    path
      .map((key) => (typeof key === 'number' ? `[${String(key)}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, '') || 'the answer'
  );
}
