import { z } from 'zod';
import { arrival } from '../../alert/channel.ts';
import { ladders } from '../../gate/grade.ts';
import { orTroubled, trouble } from '../../base/trouble.ts';

const labels = z.record(z.string(), z.string());

const ruleFacts = z.strictObject({
  /** The names of all loaded alerting rules. */
  names: z.array(z.string()),
  /** Every loaded rule of the required name. */
  found: z.array(
    z.strictObject({ query: z.string(), state: z.string(), health: z.string(), lastError: z.string(), alerts: z.array(labels) }),
  ),
});
export type RuleFacts = Readonly<z.infer<typeof ruleFacts>>;

/** The alert as the live Alertmanager has it, and the branches at which it leaves the routing tree. */
const routeFacts = z.strictObject({
  url: z.string(),
  held: z.array(
    z.strictObject({
      labels,
      receivers: z.array(z.string()),
      state: z.string(),
      silencedBy: z.array(z.string()),
      inhibitedBy: z.array(z.string()),
    }),
  ),
  routes: z.array(z.strictObject({ receiver: z.string(), groupIntervalMs: z.number(), repeatIntervalMs: z.number() })),
  receivers: z.array(z.string()),
});
export type RouteFacts = Readonly<z.infer<typeof routeFacts>>;

const switchFacts = z.strictObject({
  /** Absent when there is no such check. */
  state: z
    .strictObject({
      name: z.string(),
      status: z.string(),
      periodMs: z.number().optional(),
      graceMs: z.number(),
      integrations: z.number().optional(),
      pings: z.number(),
      lastPing: z.string().optional(),
    })
    .optional(),
});
export type SwitchFacts = Readonly<z.infer<typeof switchFacts>>;

const ping = z.strictObject({
  number: z.number(),
  type: z.string(),
  at: z.string(),
  method: z.string(),
  userAgent: z.string(),
  /** The alerts in its body, when that is a notification of Alertmanager's. */
  alerts: z.array(z.strictObject({ name: z.string(), status: z.string() })).optional(),
  /** The beginning of its body; empty when nothing was kept of it. */
  body: z.string(),
});
export type PingFacts = Readonly<z.infer<typeof ping>>;

const arrivingFacts = z.strictObject({
  before: z.number(),
  waitedMs: z.number(),
  /** Those that came while it was looked, oldest first. */
  pings: z.array(ping),
});
export type ArrivingFacts = Readonly<z.infer<typeof arrivingFacts>>;

const noticedFacts = z.discriminatedUnion('outcome', [
  /** The switch was not quiet before: nothing was stopped. */
  z.strictObject({ outcome: z.literal('not-up'), status: z.string() }),
  /** The alert could not be stopped. */
  z.strictObject({ outcome: z.literal('not-stopped'), says: z.string() }),
  z.strictObject({
    outcome: z.literal('watched'),
    stoppedAt: z.iso.datetime(),
    how: z.string(),
    watchedMs: z.number(),
    /** What it was seen as, each with the time since the stop. */
    statuses: z.array(z.strictObject({ status: z.string(), afterMs: z.number() })),
    /** When it was first seen to have written down that it is down; absent when it never was. */
    downAfterMs: z.number().optional(),
    /** Pings that came all the same. */
    pings: z.array(ping),
    /** Why the last look at the switch found nothing out. */
    lookTrouble: trouble.optional(),
    /** Its alarm on the channel; absent when none was asked for, or it raised none. */
    told: orTroubled(z.strictObject({ afterMs: z.number().optional(), lookedForMs: z.number(), arrivals: z.array(arrival) })).optional(),
    /** After the stop was undone; absent when it never was down. */
    back: z.strictObject({ afterMs: z.number().optional(), waitedMs: z.number(), status: z.string() }).optional(),
  }),
]);
export type NoticedFacts = Readonly<z.infer<typeof noticedFacts>>;
export type Watched = Extract<NoticedFacts, { readonly outcome: 'watched' }>;

/** What was seen, rung by rung. What stands behind a rung that does not hold is not looked at and is absent. */
export const watchdogFacts = z.strictObject({
  /** How far the gate asked to look. */
  grade: z.enum(ladders.watchdog),
  rule: ruleFacts,
  /** Absent when the rule does not fire. */
  route: routeFacts.optional(),
  deadMan: orTroubled(switchFacts),
  arriving: orTroubled(arrivingFacts).optional(),
  noticed: orTroubled(noticedFacts).optional(),
});
export type WatchdogFacts = Readonly<z.infer<typeof watchdogFacts>>;
