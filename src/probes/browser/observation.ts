import { z } from 'zod';

const step = z.strictObject({ name: z.string(), ok: z.boolean(), durationMs: z.number() });

const failure = z.strictObject({
  /** The step in which it happened; absent when it was in none. */
  step: z.string().optional(),
  kind: z.enum(['thrown', 'out-of-time']),
  says: z.string(),
});
export type Failure = Readonly<z.infer<typeof failure>>;

export const browserObservation = z.strictObject({
  browser: z.string(),
  steps: z.array(step),
  failure: failure.optional(),
  /** The first ones; `…Count` has all of them. */
  consoleErrors: z.array(z.string()),
  consoleErrorCount: z.int(),
  failedRequests: z.array(z.strictObject({ method: z.string(), url: z.string(), says: z.string() })),
  failedRequestCount: z.int(),
  /** Where the flow ended, without the query. */
  url: z.string(),
  title: z.string(),
  /** The page as it was at the end or at the failure; absent when the browser could not take it any more. */
  screenshot: z.string().optional(),
});
export type BrowserObservation = Readonly<z.infer<typeof browserObservation>>;
export type FlowStep = z.infer<typeof step>;
