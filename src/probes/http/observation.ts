import { z } from 'zod';

/**
 * Why there was no whole answer. `ours` stands for what says nothing about the target: no route from here,
 * a resolver that is busy, no file handles left, a request that cannot be written.
 */
const trouble = z.strictObject({
  kind: z.enum(['refused', 'closed', 'timed-out', 'name-not-found', 'tls', 'not-http', 'unreachable', 'ours']),
  says: z.string(),
});
export type Trouble = Readonly<z.infer<typeof trouble>>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A part of a JSON answer: absent, a value, or the kind of what is no single value (`a list of 3`). */
const part = z.strictObject({ found: z.boolean(), value: scalar.optional(), kind: z.string().optional() });
export type Part = Readonly<z.infer<typeof part>>;

const answer = z.strictObject({
  status: z.int(),
  /** Only those that the step expects something of; null when absent. */
  headers: z.record(z.string(), z.string().nullable()),
  bytes: z.int(),
  /** Larger than what is read of an answer. */
  truncated: z.boolean(),
  isJson: z.boolean(),
  /** By path. */
  json: z.record(z.string(), part),
  /** By text: whether the whole body contains it. */
  contains: z.record(z.string(), z.boolean()),
  /** The start of the body, with what looks like a credential taken out. */
  excerpt: z.string(),
  firstByteMs: z.number(),
  totalMs: z.number(),
});
export type Answer = Readonly<z.infer<typeof answer>>;

const stepSeen = z.strictObject({
  /** As the check writes it: values taken from earlier answers may be credentials and stay out. */
  request: z.strictObject({ method: z.string(), url: z.string(), headers: z.array(z.string()) }),
  attempts: z.int(),
  durationMs: z.number(),
  /** The last attempt's. */
  answer: answer.optional(),
  trouble: trouble.optional(),
  /** By name: whether there was something to take. */
  taken: z.record(z.string(), z.boolean()),
});
export type StepSeen = Readonly<z.infer<typeof stepSeen>>;

/** The steps as far as they were made: the first that falls short is the last. */
export const httpObservation = z.strictObject({ steps: z.array(stepSeen) });
export type HttpObservation = Readonly<z.infer<typeof httpObservation>>;
