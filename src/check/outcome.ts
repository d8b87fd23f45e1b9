import { z } from 'zod';

/**
 * One run of a check, judged. `fail` says that the target is wrong; `error` says that we could not tell,
 * so that our own trouble (no browser, no network) is never reported as somebody else's outage.
 */
export const outcome = z.strictObject({
  status: z.enum(['pass', 'fail', 'error']),
  /** Why, in full sentences; at least one for `fail` and `error`. */
  reasons: z.array(z.string()),
});
export type Outcome = Readonly<z.infer<typeof outcome>>;
