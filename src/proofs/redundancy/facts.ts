import { z } from 'zod';
import { arrival } from '../../alert/channel.ts';
import { orTroubled, trouble } from '../../base/trouble.ts';

const labels = z.record(z.string(), z.string()).readonly();

const prometheus = z.strictObject({
  url: z.string(),
  seen: orTroubled(
    z.strictObject({
      /** Every alerting rule: its name, and all that decides when it fires and where its alerts go. */
      rules: z.array(z.strictObject({ name: z.string(), definition: z.string() })),
      /** The Alertmanagers that it sends to; absent where it does not tell. */
      alertmanagers: z.array(z.string()).optional(),
    }),
  ),
});

const alertmanager = z.strictObject({
  url: z.string(),
  seen: orTroubled(
    z.strictObject({
      /** `ready`, `settling`, `disabled`. */
      clusterStatus: z.string(),
      /** The members that it knows, itself among them. */
      peers: z.array(z.string()),
      /** The digest of its configuration. */
      config: z.string(),
      /** The alerts of the watchdog that it holds. */
      watchdogs: z.array(z.strictObject({ labels, updatedAt: z.string() })),
    }),
  ),
});

/** How the parts of redundant alerting stand, all seen at about one moment. */
const parts = z.strictObject({ prometheuses: z.array(prometheus), alertmanagers: z.array(alertmanager) });
export type Parts = Readonly<z.infer<typeof parts>>;

const away = z.strictObject({
  says: z.string(),
  /** What the request that takes it away was answered. */
  answer: z.strictObject({ status: z.number(), excerpt: z.string() }),
  /** `afterMs` is absent for what still answered when the time was up. */
  gone: z.array(z.strictObject({ url: z.string(), afterMs: z.number().optional() })),
  /** Whether all of it was still gone once the test alert had arrived, or its time was up. */
  stayedAway: z.boolean(),
  /** The Alertmanagers that were left, and when the watchdog was next renewed there; `trouble` is why the last look saw nothing. */
  renewed: z.array(z.strictObject({ url: z.string(), afterMs: z.number().optional(), trouble: trouble.optional() })),
  /** Since it was given back; without `afterMs` it was not whole when the time was up. */
  back: z.strictObject({ afterMs: z.number().optional(), parts }),
});
export type Away = Readonly<z.infer<typeof away>>;

const trial = z.strictObject({
  /** Absent for the first one, with everything in place. */
  away: away.optional(),
  /** Absent when nothing was posted. */
  test: z
    .strictObject({
      nonce: z.string(),
      /** When; absent where evidence is of an earlier version. */
      postedAt: z.iso.datetime().optional(),
      /** The Alertmanagers that took it. */
      postedTo: z.array(z.string()),
      /** Everything that carried the nonce at the end of the run, those that told it as over left out. */
      arrivals: z.array(arrival),
      /** Whether the channel takes copies for one. */
      mergesCopies: z.literal(true).optional(),
      /** From the posting until the first look that found it; absent when none did. */
      foundAfterMs: z.number().optional(),
      trouble: trouble.optional(),
    })
    .optional(),
});
export type Trial = Readonly<z.infer<typeof trial>>;

export const redundancyFacts = z.strictObject({
  parts,
  /** Absent when only the cluster was asked for. */
  trials: z.array(trial).optional(),
});
export type RedundancyFacts = Readonly<z.infer<typeof redundancyFacts>>;
