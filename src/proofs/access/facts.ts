import { z } from 'zod';
import { trouble } from '../../base/trouble.ts';

/** What somebody gets who opens a board: by its API and, where that is asked for, in a browser. */
const attempt = z.strictObject({
  /** A person's name, or `nobody`. */
  who: z.string(),
  hasPassword: z.boolean(),
  /** The status of the board's API. */
  api: z.number().optional(),
  /** Whether the board has a public link that is open; absent when that is not told. */
  isPublic: z.boolean().optional(),
  /** Whether a query of the board was answered with values. */
  data: z.boolean().optional(),
  page: z.strictObject({ status: z.number(), panels: z.number(), shown: z.number(), screenshot: z.string().optional() }).optional(),
  trouble: trouble.optional(),
});
export type Attempt = Readonly<z.infer<typeof attempt>>;

export const accessFacts = z.strictObject({
  /** Who is on call at the first level, and as whom of the gate's people they are known. */
  onCall: z
    .array(z.strictObject({ name: z.string(), email: z.string(), until: z.string().optional(), known: z.string().optional() }))
    .optional(),
  opened: z.array(attempt),
  refused: z.array(attempt),
});
export type AccessFacts = Readonly<z.infer<typeof accessFacts>>;
