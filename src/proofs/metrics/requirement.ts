import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { checkName } from '../../gate/reference.ts';
import { parseSample } from '../../stack/exposition/sample.ts';

const metricName = z
  .string()
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
  .meta({ expects: 'the name of a metric' });
const labelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
  .meta({ expects: 'the name of a label' });

const metric = z.strictObject({
  name: metricName,
  ref: z
    .union([z.string().transform((id) => [id]), z.array(z.string())])
    .default([])
    .describe('Requirement ids that this metric covers.'),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  labels: z.array(labelName).default([]).describe('Labels that every sample of it must have.'),
  buckets: z
    .array(z.number())
    .min(1)
    .refine((bounds) => bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? -Infinity)), 'the bounds must rise')
    .optional()
    .describe('The upper bounds of a histogram, without +Inf.'),
  help: z.string().min(1).optional().describe('Its help text, word for word.'),
});
export type RequiredMetric = Readonly<z.output<typeof metric>>;

const series = z
  .string()
  .refine(
    (text) => typeof parseSample(`${text} 0`, false) !== 'string',
    'must be one series as a metrics page writes it: name{label="value"}',
  );

const move = z.strictObject({
  series: series.describe('One series as a metrics page writes it; where several match (instances, other labels), they are added up.'),
  by: z
    .union([z.number(), z.strictObject({ atLeast: z.number().positive() })])
    .describe('By how much the stimulus, all times together, must move it: exactly, or at least.'),
});
export type Move = Readonly<z.output<typeof move>>;

export const metricsRequirement = z
  .strictObject({
    job: z.string().min(1).describe('The `job` label that the series carry in Prometheus.'),
    metrics: z.array(metric).min(1),
    exposition: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("The app's own metrics page, where its targets cannot be reached from here as Prometheus reaches them."),
    maxAge: duration.optional().describe('How old the newest sample may be; otherwise three scrape intervals.'),
    stimulus: z
      .strictObject({ check: checkName(), times: z.int().min(1).default(1) })
      .optional()
      .describe('The check that makes something happen, and how often to run it.'),
    moves: z.array(move).min(1).optional().describe('What the stimulus must move; for the grade `responsive` every metric needs one.'),
    movesWithin: duration.optional().describe('How long a move may take to be in Prometheus; otherwise three scrape intervals and 5 s.'),
  })
  .superRefine(({ metrics, moves = [], stimulus }, context) => {
    const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
    metrics.forEach(({ name, type, buckets, labels }, index) => {
      if (metrics.findIndex((other) => other.name === name) < index) wrong(['metrics', index, 'name'], `"${name}" is there twice`);
      if (buckets !== undefined && type !== 'histogram') wrong(['metrics', index, 'buckets'], `a ${type} has no buckets`);
      if (labels.includes('le') && type === 'histogram')
        wrong(['metrics', index, 'labels'], 'every histogram has the label "le": write "buckets"');
    });
    moves.forEach((each, index) => {
      if (!metrics.some((required) => isOf(required, nameOfSeries(each.series)))) {
        wrong(['moves', index, 'series'], `${each.series} belongs to none of the metrics of this item`);
      }
    });
    moves.forEach(({ series: text, by }, index) => {
      const owner = metrics.find((required) => isOf(required, nameOfSeries(text)));
      if (typeof by === 'number' && by < 0 && owner?.type !== 'gauge') wrong(['moves', index, 'by'], 'only a gauge can go down');
    });
    if (moves.length > 0 && stimulus === undefined) wrong(['moves'], 'nothing makes them move: name a check under "stimulus"');
    if (moves.length === 0 && stimulus !== undefined)
      wrong(['stimulus'], 'it is said what happens, but not what it must move: write "moves"');
  });
export type MetricsRequirement = Readonly<z.output<typeof metricsRequirement>>;

const partsOf = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] } as const;

/** The names of the series that a metric consists of. */
export function seriesNames({ name, type }: RequiredMetric): readonly string[] {
  return partsOf[type].map((part) => `${name}${part}`);
}

export function isOf(metricRequired: RequiredMetric, name: string): boolean {
  return seriesNames(metricRequired).includes(name);
}

export function nameOfSeries(text: string): string {
  return /^[^{ \t]*/.exec(text)?.[0] ?? text;
}
