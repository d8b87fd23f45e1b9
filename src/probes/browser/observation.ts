import { z } from 'zod';

/** Characters that are kept of what a page says. */
export const longestText = 500;

const step = z.strictObject({ name: z.string(), ok: z.boolean(), durationMs: z.number() });

const failure = z.strictObject({
  /** The test of a spec; absent when there is but one. */
  test: z.string().optional(),
  /** The step in which it happened; absent when it was in none. */
  step: z.string().optional(),
  kind: z.enum(['thrown', 'out-of-time']),
  says: z.string(),
});
export type Failure = Readonly<z.infer<typeof failure>>;

const specTest = z.strictObject({
  title: z.string(),
  status: z.enum(['passed', 'failed', 'timedOut', 'skipped', 'interrupted', 'not-run']),
  /** Whether it did what its author expects of it; a test that was not run did not. */
  ok: z.boolean(),
});
export type SpecTest = z.infer<typeof specTest>;

export const browserObservation = z.strictObject({
  browser: z.string(),
  /** How a spec was run, and why not by a kept worker. */
  way: z.enum(['kept worker', 'playwright test']).optional(),
  because: z.string().optional(),
  /** Of a spec. */
  tests: z.array(specTest).optional(),
  steps: z.array(step),
  /** What the flow itself took. */
  durationMs: z.number().optional(),
  failure: failure.optional(),
  /** The first ones; `…Count` has all of them. */
  consoleErrors: z.array(z.string()),
  consoleErrorCount: z.int(),
  failedRequests: z.array(z.strictObject({ method: z.string(), url: z.string(), says: z.string() })),
  failedRequestCount: z.int(),
  /** The worst of the documents that it opened. `cls` is a sum of shares of the viewport. */
  vitals: z
    .strictObject({
      lcpMs: z.number().optional(),
      cls: z.number().optional(),
      inpMs: z.number().optional(),
      firstByteMs: z.number().optional(),
    })
    .optional(),
  /** Where the flow ended, without the query. */
  url: z.string(),
  title: z.string(),
  /** The page as it was at the end or at the failure; absent when the browser could not take it any more, or when nothing failed and runs follow each other. */
  screenshot: z.string().optional(),
  /** A Playwright trace of what failed, without what is secret. */
  trace: z.string().optional(),
});
export type BrowserObservation = Readonly<z.infer<typeof browserObservation>>;
export type FlowStep = z.infer<typeof step>;
