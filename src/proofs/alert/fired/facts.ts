import { z } from 'zod';
import { held } from '../routed/facts.ts';
import { orTroubled } from '../../../base/trouble.ts';

/** A state of the rule, and when it was first seen in it. */
const transition = z.strictObject({
  state: z.string(),
  /** From the injection of the fault. */
  afterMs: z.number(),
  /** The alert's value, as Prometheus prints it. */
  value: z.string().optional(),
});

/** What the rule compared with its threshold was worth while the fault was on. */
const measured = z.strictObject({
  expression: z.string(),
  /** Looks that gave a value, of all looks. */
  looks: z.number(),
  answered: z.number(),
  smallest: z.number().optional(),
  largest: z.number().optional(),
});
export type Measured = Readonly<z.infer<typeof measured>>;

const answer = z.strictObject({ status: z.number(), excerpt: z.string() });

export const firedFacts = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('no-fault') }),
  /** The rule was not quiet before: whatever it did then would not show that it noticed our fault. */
  z.strictObject({ outcome: z.literal('not-quiet'), state: z.string() }),
  z.strictObject({ outcome: z.literal('refused'), answer }),
  z.strictObject({
    outcome: z.literal('watched'),
    injectedAt: z.iso.datetime(),
    answer,
    transitions: z.array(transition),
    watchedMs: z.number(),
    allowedMs: z.number(),
    measured: measured.optional(),
    /** As Prometheus filled them in; absent when the rule did not fire. */
    annotations: z.record(z.string(), z.string()).optional(),
    /** The rule's own alert at the gate's Alertmanager; absent when it was not seen there. */
    atAlertmanager: orTroubled(held).optional(),
  }),
]);
export type FiredFacts = Readonly<z.infer<typeof firedFacts>>;
export type Watched = Extract<FiredFacts, { readonly outcome: 'watched' }>;
