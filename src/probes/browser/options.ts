import { z } from 'zod';
import { timeAllowed } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const side = z.int().min(100).max(10_000);
const weight = z.enum(['note', 'fail']).default('note');

export const browserOptions = z.strictObject({
  script: z
    .string()
    .min(1)
    .meta({ path: true })
    .describe('What a person does: a `@playwright/test` spec (`x.spec.ts`), or a module whose default export is a `BrowserFlow`.'),
  grep: z.string().min(1).optional().describe('Of a spec, the tests whose titles match this pattern; all when left out.'),
  project: z.string().min(1).optional().describe("Of a spec, the project of Playwright's configuration that it is run for."),
  config: z
    .string()
    .min(1)
    .meta({ path: true })
    .optional()
    .describe("Of a spec, Playwright's configuration; the nearest `playwright.config.ts` above it when left out."),
  variables: z.record(z.string(), z.string()).default({}).describe('Values for the flow; a spec finds them in its environment.'),
  secrets: z
    .record(z.string(), secret())
    .default({})
    .describe('Values for the flow that are never stored or shown; a spec finds them in its environment.'),
  viewport: z.strictObject({ width: side, height: side }).default({ width: 1280, height: 720 }).describe('Of a flow; a spec has its own.'),
  actionTimeout: timeAllowed
    .prefault('10s')
    .describe("Time for one action or one expectation of a flow; the check's own `timeout` covers the whole of it. A spec has its own."),
  trace: z
    .enum(['off', 'actions', 'snapshots'])
    .optional()
    .describe(
      'What is kept of a failure beside the picture: every action with its requests (the default where runs follow each other; a gate keeps none); or also the page before and after each, which makes a flow half as long again.',
    ),
  consoleErrors: weight.describe('Whether errors that the page reports are said beside a pass, or fail the check.'),
  failedRequests: weight.describe('Whether requests of the page that fail are said beside a pass, or fail the check.'),
  executable: z
    .string()
    .min(1)
    .meta({ path: true })
    .optional()
    .describe('The Chromium to use; otherwise `LIVEPROOF_CHROMIUM` in the environment, then the usual places.'),
});
export type BrowserOptions = z.output<typeof browserOptions>;
