import { z } from 'zod';
import { orTroubled } from '../../../base/trouble.ts';

/** What a test expects of the rule. */
export const checks = ['waits', 'fires', 'recovers', 'stays-silent'] as const;
export type Check = (typeof checks)[number];

/** One unit test of the loaded rule. */
const ruleTest = z.strictObject({
  /** The situation, as the gate says it. */
  situation: z.string(),
  check: z.enum(checks),
  passed: z.boolean(),
  /** What promtool said. */
  words: z.string(),
  /** The test file, so that anybody can run it again beside `rulesFile`. */
  file: z.string(),
});
export type TestFact = Readonly<z.infer<typeof ruleTest>>;

/** What a part of the rule's expression was worth in a situation, at the moment when the rule is to fire. */
const measurement = z.strictObject({
  situation: z.string(),
  expression: z.string(),
  /** One for each series that it gave; empty when it gave none. NaN and infinities are text. */
  values: z.array(z.union([z.number(), z.string()])),
});
export type Measurement = Readonly<z.infer<typeof measurement>>;

const mutant = z.strictObject({
  /** What was changed in the rule: `the threshold 0.01 is doubled to 0.02`. */
  says: z.string(),
  /** A situation that would tell the changed rule from the loaded one. */
  hint: z.string(),
  expression: z.string(),
  forMs: z.number(),
  /** Whether some test failed for it. */
  killed: z.boolean(),
});
export type MutantFact = Readonly<z.infer<typeof mutant>>;

/** What Prometheus has now of the series that the rule asks for at one place. */
const liveSelector = z.strictObject({
  selector: z.string(),
  metric: z.string().optional(),
  matching: z.number(),
  /** As scrapes announced them. */
  types: z.array(z.string()),
  /** Names of existing metrics that begin like this one; looked for when nothing of its name exists. */
  similarNames: z.array(z.string()),
  /** The labels of one series of this metric, whether it matches or not. */
  example: z.record(z.string(), z.string()).optional(),
  /** For each label that the selector looks at: values that exist. */
  labelValues: z.record(z.string(), z.array(z.string())),
  /** The bounds of a histogram's finite buckets. */
  buckets: z.array(z.number()),
});
export type LiveSelector = Readonly<z.infer<typeof liveSelector>>;

/** How often the real series get a sample: read from the targets, or assumed where no target of theirs is known. */
const scrapes = z.strictObject({ everyMs: z.number(), from: z.enum(['targets', 'assumption']) });
export type Scrapes = Readonly<z.infer<typeof scrapes>>;

export const wouldFireFacts = z.strictObject({
  promtool: z.string(),
  scrapes,
  /** The loaded rule as promtool was given it. */
  rulesFile: z.string(),
  tests: z.array(ruleTest),
  measurements: z.array(measurement),
  /** Absent when the loaded rule itself failed a test: changing it would show nothing. */
  mutants: orTroubled(z.array(mutant)).optional(),
});
export type WouldFireFacts = Readonly<z.infer<typeof wouldFireFacts>>;

export const liveSelectors = z.array(liveSelector);
