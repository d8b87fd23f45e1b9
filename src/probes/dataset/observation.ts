import { z } from 'zod';
import { networkTrouble } from '../../check/network-trouble.ts';

const count = z.int().min(0);

/** Cases of one side: their labels are positive, or anything else. */
const side = z.strictObject({
  /** Answered as positive. */
  positive: count,
  /** Answered as something else. */
  negative: count,
  /** Not answered, or not with a label. */
  untold: count,
});
export type Side = Readonly<z.infer<typeof side>>;

export const datasetObservation = z.strictObject({
  /** Cases in the file. */
  cases: count,
  right: count,
  wrong: count,
  untold: count,
  /** Only when a label is declared positive. */
  positives: side.optional(),
  negatives: side.optional(),
  /** The first answers that were wrong, by the line of the case in the file. */
  mistakes: z.array(z.strictObject({ line: z.int(), label: z.string(), answer: z.string() })),
  /** Why cases were not told, the commonest first. */
  causes: z.array(z.strictObject({ says: z.string(), kind: networkTrouble.shape.kind.optional(), cases: count })),
  /** Of those that were answered: half of them took longer than the first, one in twenty than the second. */
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
});
export type DatasetObservation = Readonly<z.infer<typeof datasetObservation>>;
