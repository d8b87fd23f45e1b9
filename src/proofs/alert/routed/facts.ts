import { z } from 'zod';

const labels = z.record(z.string(), z.string());

/** An alert as Alertmanager held it. */
export const held = z.strictObject({
  /** How long after it was posted, or after its rule fired, it was seen there. */
  afterMs: z.number(),
  fingerprint: z.string(),
  labels,
  receivers: z.array(z.string()),
  state: z.string(),
  /** Silences, in words. */
  silencedBy: z.array(z.string()),
  /** The alerts that hold it back and the inhibit rules that make them do so, in words. */
  inhibitedBy: z.array(z.string()),
  mutedBy: z.array(z.string()),
});
export type Held = Readonly<z.infer<typeof held>>;

/** Where the live configuration sends the alert, worked out by us: the live answer is for the test labels only. */
const routes = z.strictObject({
  withTestLabels: z.array(z.string()),
  withoutTestLabels: z.array(z.string()),
  /** How long the first notification waits for others to join it, and a later one for its turn; the longest of its routes. */
  groupWaitMs: z.number(),
  groupIntervalMs: z.number(),
  /** Every receiver that the configuration has. */
  receivers: z.array(z.string()),
  /** Time intervals that can mute the routes. */
  timeIntervals: z.array(z.string()),
});

export const routedFacts = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('not-posted'),
    /** The inhibit rule by which the test alert would have held back real ones, in words. */
    inhibitRule: z.string(),
  }),
  z.strictObject({
    outcome: z.literal('posted'),
    labels,
    postedAt: z.iso.datetime(),
    /** Other alerts of this name that were active when it was posted: it may have to wait for their group's turn. */
    others: z.number(),
    /** Absent when it was not seen within the time. */
    held: held.optional(),
    routes,
  }),
]);
export type RoutedFacts = Readonly<z.infer<typeof routedFacts>>;
export type Posted = Extract<RoutedFacts, { readonly outcome: 'posted' }>;
