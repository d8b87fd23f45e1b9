import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';

const labels = z.record(z.string(), z.string());
const emptyWhenAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(schema)
    .nullish()
    .transform((list) => list ?? []);
const noLabelsWhenAbsent = labels.nullish().transform((found) => found ?? {});
const secondsAsMs = z.number().transform((seconds) => Math.round(seconds * 1000));

/** A number as JSON can hold it; NaN and the infinities stay text, in the server's spelling. */
const sampleValue = z.string().transform((text, context): number | string => {
  if (/^(NaN|[+-]Inf)$/.test(text)) return text;
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  context.addIssue({ code: 'custom', message: `"${text}" is not a sample value` });
  return z.NEVER;
});

const durationAsMs = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration` });
  return z.NEVER;
});

/** How Go prints a time that was never set, and VictoriaMetrics that of a scrape which has not been made: called up, down or healthy all the same. */
const neverYet = /^(?:0001|1970)-01-01T/;

const sample = z.tuple([secondsAsMs, sampleValue]);

/** VictoriaMetrics names no version here, or that of a Prometheus that it can stand in for. */
export const buildInfo = z.object({ version: z.string().optional() });

export const targets = z.object({
  activeTargets: z.array(
    z
      .object({
        labels,
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string(),
        lastScrape: z.string(),
        scrapeInterval: durationAsMs.optional(),
        discoveredLabels: noLabelsWhenAbsent,
      })
      .transform(({ scrapeInterval, discoveredLabels, ...target }) => ({
        ...target,
        health: neverYet.test(target.lastScrape) && target.lastError === '' ? 'unknown' : target.health,
        // VictoriaMetrics tells it among the labels that a target had before relabelling, and only there.
        scrapeIntervalMs: scrapeInterval ?? parseDuration(discoveredLabels['__scrape_interval__'] ?? ''),
      })),
  ),
});

/** Vectors, matrices and scalars alike become series; a native histogram has no plain samples and so none here. */
export const queryResult = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z
        .object({ metric: labels, value: sample.optional() })
        .transform(({ metric, value }) => ({ labels: metric, samples: value === undefined ? [] : [value] })),
    ),
  }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z
        .object({ metric: labels, values: z.array(sample).optional() })
        .transform(({ metric, values }) => ({ labels: metric, samples: values ?? [] })),
    ),
  }),
  z.object({ resultType: z.literal('scalar'), result: sample.transform((value) => [{ labels: {}, samples: [value] }]) }),
]);

export const metadata = z.record(z.string(), z.array(z.object({ type: z.string() })));

const activeAlert = z.object({ labels, annotations: noLabelsWhenAbsent, state: z.string(), activeAt: z.string(), value: z.string() });

const alertingRule = z.object({
  type: z.literal('alerting'),
  name: z.string(),
  query: z.string(),
  duration: secondsAsMs,
  keepFiringFor: secondsAsMs.optional(),
  /** As vmalert spells it. */
  keep_firing_for: secondsAsMs.optional(),
  /** Told by vmalert alone. */
  datasourceType: z.string().optional(),
  labels: noLabelsWhenAbsent,
  annotations: noLabelsWhenAbsent,
  state: z.string(),
  health: z.string(),
  lastError: z.string().optional(),
  lastEvaluation: z.string(),
  alerts: emptyWhenAbsent(activeAlert),
});

/** The alerting rules of one page, flat; `groupNextToken` names the next page on servers that page. */
const rulesData = z
  .object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        interval: secondsAsMs,
        rules: z.array(z.union([alertingRule, z.object({ type: z.literal('recording') })])),
      }),
    ),
    groupNextToken: z.string().optional(),
  })
  .transform(({ groups, groupNextToken }) => ({
    next: groupNextToken === '' ? undefined : groupNextToken,
    rules: groups.flatMap((group) =>
      group.rules
        .filter((rule) => rule.type === 'alerting')
        .map((rule) => ({
          group: group.name,
          file: group.file,
          groupIntervalMs: group.interval,
          name: rule.name,
          query: rule.query,
          forMs: rule.duration,
          keepFiringForMs: rule.keepFiringFor ?? rule.keep_firing_for ?? 0,
          // vmalert puts the group's name on every alert, and routes may look at it.
          labels: rule.datasourceType === undefined ? rule.labels : { ...rule.labels, alertgroup: group.name },
          annotations: rule.annotations,
          state: rule.state,
          health: rule.health === 'ok' && neverYet.test(rule.lastEvaluation) ? 'unknown' : rule.health,
          lastError: rule.lastError ?? '',
          lastEvaluation: rule.lastEvaluation,
          alerts: rule.alerts,
        })),
    ),
  }));

/** vmalert numbers its pages, and tells the number outside of the data. */
export const rulesPage = z
  .object({ data: rulesData, page: z.int().optional(), total_pages: z.int().optional() })
  .transform(({ data, page, total_pages: pages }) => {
    const numbered = page !== undefined && pages !== undefined && page < pages ? `&page_num=${String(page + 1)}` : undefined;
    return { rules: data.rules, next: data.next === undefined ? numbered : `&group_next_token=${encodeURIComponent(data.next)}` };
  });

export const formatted = z.string();

export const alertmanagers = z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) });

/** vmalert's notifiers, which are its Alertmanagers. */
export const notifiers = z.object({
  data: z.object({ notifiers: emptyWhenAbsent(z.object({ targets: emptyWhenAbsent(z.object({ address: z.string() })) })) }),
});

export const configuration = z.object({ yaml: z.string() });

export const runtimeInfo = z.object({ storageRetention: z.string(), reloadConfigSuccess: z.boolean() });

export const flags = labels;
