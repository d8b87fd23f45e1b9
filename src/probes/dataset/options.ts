import { z } from 'zod';
import { timeAllowed } from '../../base/duration.ts';

const label = z.union([z.string().min(1).max(200), z.number(), z.boolean()]);
const share = z.number().min(0).max(1);
const jsonPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/)
  .meta({ expects: 'a path such as result.label or scores.0' });
const atLeast = z.strictObject({ atLeast: share });
const atMost = z.strictObject({ atMost: share });

const says = 'Holds or fails only when the whole confidence interval is on one side of the bound.';

export const datasetOptions = z
  .strictObject({
    file: z
      .string()
      .regex(/\.(jsonl|ndjson|csv)$/i)
      .meta({ path: true, expects: 'a file that ends in .jsonl, .ndjson or .csv' })
      .describe('The labelled cases: a JSON object a line, or CSV whose first line names the columns.'),
    label: z.string().min(1).describe('The column that holds what the answer should be.'),
    positive: label.optional().describe('The label that counts as positive; precision, recall and false positives need it.'),
    request: z
      .strictObject({
        method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
        url: z
          .string()
          .regex(/^https?:\/\//)
          .meta({ expects: 'a URL that starts with http:// or https://' })
          .describe('Where a case is sent; `{{column}}` stands for its value.'),
        headers: z.record(z.string(), z.string()).default({}),
        json: z.json().optional().describe('The body; a text that is nothing but `{{column}}` becomes the value itself.'),
      })
      .describe('How one case is asked.'),
    answer: z
      .strictObject({
        path: jsonPath.describe('Where the JSON answer holds its label.'),
        positiveFrom: z.number().optional().describe('The answer is a score, and positive from here on.'),
      })
      .describe('How an answer is read.'),
    expect: z
      .strictObject({
        accuracy: atLeast.optional().describe(`The share of right answers. ${says}`),
        precision: atLeast.optional().describe('The share of right ones among those answered as positive.'),
        recall: atLeast.optional().describe('The share of the positive ones that were answered as positive.'),
        falsePositiveRate: atMost.optional().describe('The share of the negative ones that were answered as positive.'),
      })
      .refine((all) => Object.keys(all).length > 0, 'name at least one of accuracy, precision, recall, falsePositiveRate'),
    confidence: z.number().min(0.5).max(0.9999).default(0.95).describe('Of the intervals.'),
    concurrency: z.int().min(1).max(64).default(4).describe('How many cases are asked at a time.'),
    requestTimeout: timeAllowed.prefault('10s').describe('Time for one case, answer included.'),
  })
  .superRefine(({ positive, expect, answer }, context) => {
    const needsPositive = expect.precision !== undefined || expect.recall !== undefined || expect.falsePositiveRate !== undefined;
    if (positive === undefined && (needsPositive || answer.positiveFrom !== undefined)) {
      context.addIssue({ code: 'custom', path: ['positive'], message: 'say which label is the positive one' });
    }
  });
export type DatasetOptions = z.output<typeof datasetOptions>;
