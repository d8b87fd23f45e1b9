import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const side = z.int().min(100).max(10_000);
const weight = z.enum(['note', 'fail']).default('note');

export const browserOptions = z.strictObject({
  script: z.string().min(1).meta({ path: true }).describe('A module whose default export is a `BrowserFlow`: what a person does.'),
  variables: z.record(z.string(), z.string()).default({}).describe('Values for the flow.'),
  secrets: z.record(z.string(), secret()).default({}).describe('Values for the flow that are never stored or shown.'),
  viewport: z.strictObject({ width: side, height: side }).default({ width: 1280, height: 720 }),
  actionTimeout: duration
    .prefault('10s')
    .describe("Time for one action or one expectation; the check's own `timeout` covers the whole flow."),
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
