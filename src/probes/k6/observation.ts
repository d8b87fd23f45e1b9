import { z } from 'zod';

const threshold = z.strictObject({
  metric: z.string(),
  /** As the script writes it: `p(95)<500`. */
  expression: z.string(),
  met: z.boolean(),
  /** What the expression compares; absent when k6 does not export it. */
  value: z.number().optional(),
  /** Whether the metric had any sample. */
  sampled: z.boolean(),
});
export type Threshold = Readonly<z.infer<typeof threshold>>;

export const k6Observation = z.strictObject({
  durationMs: z.number(),
  ending: z.union([
    z.strictObject({ type: z.literal('exited'), code: z.int() }),
    z.strictObject({ type: z.literal('killed'), signal: z.string() }),
    /** By us, when the time of the check was up. */
    z.strictObject({ type: z.literal('out-of-time') }),
  ]),
  /** The first ones; the others are counted only. */
  thresholds: z.array(threshold),
  thresholdCount: z.int(),
  /** What the script threw in its iterations, and the first of it. */
  exceptions: z.strictObject({ count: z.int(), first: z.string() }).optional(),
  /** The last error that k6 itself reported. */
  lastError: z.string().optional(),
  /** By metric and figure: `http_req_duration p(95)`. */
  figures: z.record(z.string(), z.number()),
});
export type K6Observation = Readonly<z.infer<typeof k6Observation>>;
