import { z } from 'zod';
import { secret } from '../../base/secret.ts';

const name = z
  .string()
  .regex(/^[A-Za-z_]\w*$/)
  .meta({ expects: 'a name of letters, digits and "_"' });

export const k6Options = z.strictObject({
  script: z
    .string()
    .regex(/\.[cm]?[jt]s$/)
    .meta({ path: true, expects: 'a file that ends in .ts or .js' })
    .describe('A k6 script, in TypeScript or JavaScript, whose options declare thresholds.'),
  variables: z.record(name, z.string()).default({}).describe('Values that the script reads from `__ENV`.'),
  secrets: z.record(name, secret()).default({}).describe('The same, never stored or shown.'),
  program: z
    .string()
    .min(1)
    .meta({ path: true })
    .optional()
    .describe('The k6 to use; otherwise `LIVEPROOF_K6` in the environment, then the `k6` on the PATH.'),
});
export type K6Options = z.output<typeof k6Options>;
