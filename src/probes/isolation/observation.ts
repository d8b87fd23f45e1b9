import { z } from 'zod';
import { networkTrouble } from '../../check/network-trouble.ts';

/** What one request came to. The body itself is never recorded: it may hold what nobody else may see. */
const seen = z.strictObject({
  status: z.int().optional(),
  bytes: z.int().optional(),
  durationMs: z.number().optional(),
  /** Which markers the body holds, by their place in the list. */
  markers: z.array(z.int()),
  /** Why the body could not be searched as a whole: only its beginning was read, or it is packed. */
  unsearched: z.enum(['truncated', 'packed']).optional(),
  trouble: networkTrouble.optional(),
});
export type Seen = Readonly<z.infer<typeof seen>>;

export function isGood({ status, trouble }: Seen): boolean {
  return trouble === undefined && status !== undefined && status >= 200 && status <= 299;
}

/** Why somebody's signing in came to nothing. */
const entry = z.strictObject({
  /** The request that came last. */
  path: z.string(),
  seen,
  /** What stood nowhere in an answer that it was to be taken from. */
  missing: z.string().optional(),
});
export type Entry = Readonly<z.infer<typeof entry>>;

const attempt = z.strictObject({
  /** As the check writes them: the ids in a path stay out. */
  method: z.string(),
  path: z.string(),
  /** Absent when there was no time left for it. */
  intruder: seen.optional(),
  /** The owner's own look afterwards. */
  control: seen.optional(),
});
export type Attempt = Readonly<z.infer<typeof attempt>>;

export const isolationObservation = z.strictObject({
  /** The last request of each that was made to come in: sign-in, or the look at a path for those who are signed in, or a request that finds ids. */
  owner: entry,
  intruder: entry.optional(),
  routes: z.array(attempt),
  /** Whether the intruder was still signed in after the last route. */
  intruderAtEnd: seen.optional(),
});
export type IsolationObservation = Readonly<z.infer<typeof isolationObservation>>;
