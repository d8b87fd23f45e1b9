import { z } from 'zod';
import { jsonValue } from '../base/json-value.ts';
import { trouble } from '../base/trouble.ts';
import { recordedBasis } from './basis.ts';

/** What is stored for one item of one run: the facts, or why there are none. No judgement. */
export const observationRecord = z.strictObject({
  item: z.string(),
  proof: z.string(),
  nonce: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** In the proof kind's own shape; absent when observing failed as a whole. */
  facts: jsonValue.optional(),
  failure: trouble.optional(),
  /** What it rests on; absent when that could not be read, or changed meanwhile. */
  restsOn: recordedBasis.optional(),
});
export type ObservationRecord = Readonly<z.infer<typeof observationRecord>>;

/** Why nobody tried the item, where nobody did: what is said of it then is no finding about it. */
export function untriedBecause({ failure }: Pick<ObservationRecord, 'failure'>): string | undefined {
  if (failure?.code === 'run/left-out') return 'was left out of the run with --only';
  if (failure?.code === 'run/may-not-page') return 'was not tried, for it could have woken somebody';
  return undefined;
}
