import { z } from 'zod';
import type { Grade } from './grade.ts';

/** `unknown` counts against the item just as `no` does, but says that we could not tell. */
export type Holds = 'yes' | 'no' | 'unknown';

/** One thing that a judge concluded from an observation: the reason that people read. */
export const finding = z.strictObject({
  /** What it is about: a metric's, rule's, channel's or check's name. */
  subject: z.string(),
  /** The rung of the item's ladder that it speaks of. */
  grade: z.string(),
  holds: z.enum(['yes', 'no', 'unknown']),
  /** One sentence with the figures in it: what was seen against what was required. */
  says: z.string(),
  /** What a person should change, when it does not hold. */
  hint: z.string().optional(),
});
export type Finding = Readonly<z.infer<typeof finding>>;

/** Writes the findings of one subject on one rung: `const about = findingsOn('HighLatency', 'loaded')`. */
export function findingsOn(subject: string, grade: Grade) {
  const write = (holds: Holds, says: string, hint?: string): Finding =>
    hint === undefined ? { subject, grade, holds, says } : { subject, grade, holds, says, hint };
  return {
    yes: (says: string): Finding => write('yes', says),
    no: (says: string, hint?: string): Finding => write('no', says, hint),
    unknown: (says: string, hint?: string): Finding => write('unknown', says, hint),
  };
}
