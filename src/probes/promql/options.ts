import { z } from 'zod';
import { duration, timeAllowed } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const count = z.int().min(0).max(100_000);

export const promqlOptions = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Where a Prometheus, or whoever speaks its HTTP API, answers.'),
  token: secret().optional().describe('Sent as a bearer token.'),
  query: z.string().min(1).max(20_000).describe('An expression whose value at this moment is compared: a scalar, or a vector of series.'),
  expect: z
    .strictObject({
      value: z
        .strictObject({
          is: z.number().optional(),
          above: z.number().optional(),
          atLeast: z.number().optional(),
          below: z.number().optional(),
          atMost: z.number().optional(),
        })
        .refine((bounds) => Object.keys(bounds).length > 0, 'name at least one of is, above, atLeast, below, atMost')
        .optional()
        .describe('What holds for the value of every series.'),
      series: z
        .union([count, z.strictObject({ atLeast: count.optional(), atMost: count.optional() })])
        .optional()
        .describe('How many series there are.'),
    })
    .refine((all) => Object.keys(all).length > 0, 'name "value" or "series"'),
  fresh: z
    .strictObject({
      selector: z.string().min(1).max(5_000).describe('The series that the value comes from, such as `up{job="app"}`.'),
      within: duration.describe('How old the newest sample of each of them may be, by the clock of Prometheus.'),
    })
    .optional()
    .describe('That the samples are not old ones: Prometheus goes on giving the last for five minutes.'),
  whenEmpty: z
    .enum(['fail', 'error'])
    .default('error')
    .describe('What it means when nothing comes back, or no number: that the target is wrong, or that we could not tell. Never a pass.'),
  requestTimeout: timeAllowed.prefault('10s').describe('Time for one answer of Prometheus.'),
});
export type PromqlOptions = z.output<typeof promqlOptions>;
