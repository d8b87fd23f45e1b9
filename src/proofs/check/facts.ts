import { z } from 'zod';
import { outcome } from '../../check/outcome.ts';
import { ladders } from '../../gate/grade.ts';

const run = z.strictObject({
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  outcome,
  /** What the probe saw, in its own shape. */
  observation: z.json().optional(),
});
export type Run = Readonly<z.infer<typeof run>>;

/** Runs that were made until one had the outcome that was waited for, or the time was up. */
const wait = z.strictObject({
  /** All of them but the last, which did not have it. */
  runsBefore: z.int(),
  last: run,
  /** From the start of the wait to the end of the last run. */
  waitedMs: z.number(),
});
export type Wait = Readonly<z.infer<typeof wait>>;

const answer = z.strictObject({ status: z.number(), excerpt: z.string() });

const shown = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('no-fault') }),
  /** Whoever was to make it could not be asked. */
  z.strictObject({ outcome: z.literal('not-made'), says: z.string().min(1), hint: z.string().optional() }),
  z.strictObject({ outcome: z.literal('refused'), answer }),
  z.strictObject({
    outcome: z.literal('broken'),
    injectedAt: z.iso.datetime(),
    answer,
    /** Runs while the fault was there, until one failed. */
    whileBroken: wait,
    /** Runs after it was undone, until one passed. */
    afterwards: wait,
  }),
]);
export type Shown = Readonly<z.infer<typeof shown>>;

export const checkFacts = z.strictObject({
  /** The grade that was asked for: nothing beyond it was tried. */
  grade: z.enum(ladders.check),
  /** The runs in order, as far as they passed: the first that does not is the last. */
  runs: z.array(run),
  /** What the check did when its target was broken on purpose; only tried on one that is steady. */
  shown: shown.optional(),
});
export type CheckFacts = Readonly<z.infer<typeof checkFacts>>;
