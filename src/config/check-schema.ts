import { z } from 'zod';
import { timeAllowed, timeLimit } from '../base/duration.ts';
import { parseAssertion } from '../check/assertion/parse.ts';
import { interval, maintenance } from './schedule-schema.ts';
import { name, refs, text } from './schema-words.ts';

/** One assertion. What is wrong with it is told with its place in the text. */
const assertion = z
  .string()
  .transform((written, context) => {
    const parsed = parseAssertion(written);
    if (parsed.ok) return parsed.assertion;
    const { message, hint, start, end } = parsed.mistake;
    context.addIssue({ code: 'custom', message, params: { hint, within: { start, end } } });
    return z.NEVER;
  })
  .meta({ expects: 'text such as "status is 200"' });

const times = z.int().min(1).max(1_000).default(1);

/** The keys that every check has; the others belong to the probe kind. */
export const checkKeys = z.strictObject({
  check: name.describe('the name by which gates, results and metrics refer to this check'),
  ref: refs,
  statement: text.optional().describe('what a pass shows; the name when left out'),
  probe: text.describe('the kind of probe'),
  interval: interval.optional(),
  timeout: timeAllowed.prefault('30s').describe('the time allowed for one attempt'),
  assert: z.array(assertion).default([]).describe('what must hold of what was seen, such as "status is 200"'),
  retries: z
    .strictObject({
      times: z.int().min(0).max(10).default(1).describe('how often it is tried again before the outcome counts'),
      after: timeLimit.prefault('1s').describe('the pause before it is tried again'),
      on: z
        .array(z.enum(['fail', 'error']))
        .min(1)
        .default(['fail', 'error'])
        .describe('after which outcomes: `fail` when the target was wrong, `error` when we could not tell'),
    })
    .optional()
    .describe('whether it is tried again; it is not when left out'),
  failAfter: times.describe('how many failures in a row until it counts as failing'),
  recoverAfter: times.describe('how many passes in a row until it counts as recovered'),
  tags: z.array(name).default([]).describe('names to choose checks by: `liveproof check --tag NAME`'),
  severity: text.optional().describe('how bad it is when it fails, in your own words'),
  places: z.array(name).default([]).describe('the places that run it; all of them when left out'),
  runbook: text.optional().describe('where it stands what to do when it fails'),
  maintenance: maintenance.describe('when it is not run, and why'),
});
