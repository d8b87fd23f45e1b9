import { z } from 'zod';

/** Milliseconds of each phase, of all requests of the step where redirects were followed; they add up to the total. */
const timing = z.strictObject({
  dnsMs: z.number(),
  connectMs: z.number(),
  tlsMs: z.number(),
  /** From the connection being there to the first byte of the answer. */
  waitMs: z.number(),
  transferMs: z.number(),
});
export type Timing = Readonly<z.infer<typeof timing>>;

/**
 * Why there was no whole answer. `ours` stands for what says nothing about the target: no route from here,
 * a resolver that is busy, no file handles left, a request that cannot be written.
 */
const trouble = z.strictObject({
  kind: z.enum(['refused', 'closed', 'timed-out', 'name-not-found', 'tls', 'not-http', 'astray', 'garbled', 'unreachable', 'ours']),
  says: z.string(),
  /** As far as it came. */
  timing: timing.optional(),
});
export type Trouble = Readonly<z.infer<typeof trouble>>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A part of a JSON answer: absent, a value, or the kind of what is no single value (`a list of 3`). */
const part = z.strictObject({ found: z.boolean(), value: scalar.optional(), kind: z.string().optional() });
export type Part = Readonly<z.infer<typeof part>>;

const redirect = z.strictObject({
  status: z.int(),
  /** Without its query. */
  to: z.string(),
});
export type Redirect = Readonly<z.infer<typeof redirect>>;

const certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  /** Until the first of it and those that it rests on ends. */
  leftMs: z.number(),
});
export type CertificateSeen = Readonly<z.infer<typeof certificate>>;

const answer = z.strictObject({
  status: z.int(),
  /** Only those that are asked for; null when absent. */
  headers: z.record(z.string(), z.string().nullable()),
  /** Of the body as it is read: uncompressed, and no more than is read of an answer. */
  bytes: z.int(),
  /** Larger than what is read of an answer. */
  truncated: z.boolean(),
  isJson: z.boolean(),
  /** By path. */
  json: z.record(z.string(), part),
  /** By text: whether the whole body contains it. */
  contains: z.record(z.string(), z.boolean()),
  /** In what the body departs from the JSON Schema; empty when in nothing, absent when none is given. */
  schema: z.array(z.string()).optional(),
  /** Where an assertion asks for it and it is short enough to be kept, with what looks like a credential taken out. */
  body: z.string().optional(),
  /** The start of the body, with what looks like a credential taken out. */
  excerpt: z.string(),
  /** Since the step began. */
  firstByteMs: z.number(),
  totalMs: z.number(),
  timing: timing.optional(),
  httpVersion: z.number().optional(),
  /** Those that were followed. */
  redirects: z.array(redirect).optional(),
  certificate: certificate.optional(),
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

/** A step of the clean-up that had nothing to clean up, because what it names was never made. */
const needless = z.strictObject({ needless: z.string() });

/** The steps as far as they were made: the first that falls short is the last, except that all of the clean-up is made. */
export const httpObservation = z.strictObject({
  before: z.array(stepSeen).optional(),
  steps: z.array(stepSeen),
  after: z.array(z.union([stepSeen, needless])).optional(),
});
export type HttpObservation = Readonly<z.infer<typeof httpObservation>>;
