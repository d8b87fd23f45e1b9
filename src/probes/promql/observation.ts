import { z } from 'zod';
import { networkTrouble } from '../../check/network-trouble.ts';

/** As Prometheus writes it: JSON has no NaN and no infinity. */
const value = z.string();

const trouble = z.union([
  networkTrouble,
  /** It answered, but with no result: what it says, or what its answer lacks. */
  z.strictObject({ kind: z.literal('no-result'), says: z.string() }),
]);
export type PromqlTrouble = Readonly<z.infer<typeof trouble>>;

const result = z.strictObject({
  /** When it was evaluated, in seconds since the epoch, by the clock of Prometheus. */
  atSeconds: z.number(),
  type: z.enum(['scalar', 'vector']),
  seriesCount: z.int(),
  /** The first ones; those that fall short before the others. */
  series: z.array(z.strictObject({ labels: z.string(), value })),
  /** Without a number: NaN. */
  notANumber: z.int(),
  /** The smallest and the largest number among all series. */
  least: value.optional(),
  most: value.optional(),
  /** What Prometheus warns of. */
  warnings: z.array(z.string()),
});
export type PromqlResult = Readonly<z.infer<typeof result>>;

export const promqlObservation = z.strictObject({
  durationMs: z.number().optional(),
  result: result.optional(),
  trouble: trouble.optional(),
  /** Of the newest samples of the series that were named. */
  samples: z
    .strictObject({
      seriesCount: z.int(),
      oldest: z.strictObject({ labels: z.string(), ageSeconds: z.number() }).optional(),
      trouble: trouble.optional(),
    })
    .optional(),
});
export type PromqlObservation = Readonly<z.infer<typeof promqlObservation>>;
