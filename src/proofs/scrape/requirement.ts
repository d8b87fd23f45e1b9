import { z } from 'zod';
import { duration } from '../../base/duration.ts';

export const scrapeRequirement = z.strictObject({
  job: z.string().min(1).describe('The `job` label that the targets carry in Prometheus.'),
  interval: duration.describe('How often each target must be scraped.'),
  targets: z
    .union([z.int().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('How many targets there must be, or their instances; `*` stands for anything.'),
  over: z.int().min(1).default(3).describe('How many gaps between samples to measure, on every target.'),
  tolerance: z.number().min(0).max(1).default(0.2).describe('How far the middle gap may be off the interval: 0.2 is 20%.'),
});
export type ScrapeRequirement = Readonly<z.output<typeof scrapeRequirement>>;
