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

const sample = z.tuple([secondsAsMs, sampleValue]);

export const buildInfo = z.object({ version: z.string() });

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
      })
      .transform(({ scrapeInterval, ...target }) => ({ ...target, scrapeIntervalMs: scrapeInterval })),
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
  labels: noLabelsWhenAbsent,
  annotations: noLabelsWhenAbsent,
  state: z.string(),
  health: z.string(),
  lastError: z.string().optional(),
  lastEvaluation: z.string(),
  alerts: emptyWhenAbsent(activeAlert),
});

/** The alerting rules of one page, flat; `groupNextToken` names the next page on servers that page. */
export const rulesPage = z
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
          keepFiringForMs: rule.keepFiringFor ?? 0,
          labels: rule.labels,
          annotations: rule.annotations,
          state: rule.state,
          health: rule.health,
          lastError: rule.lastError ?? '',
          lastEvaluation: rule.lastEvaluation,
          alerts: rule.alerts,
        })),
    ),
  }));

export const formatted = z.string();

export const alertmanagers = z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) });

export const runtimeInfo = z.object({ storageRetention: z.string(), reloadConfigSuccess: z.boolean() });

export const flags = labels;
