import type { Proof } from '../gate/proof.ts';
import alert from './alert.ts';
import channel from './channel.ts';
import check from './check.ts';
import metrics from './metrics.ts';
import retention from './retention.ts';
import scrape from './scrape.ts';

/** Every proof kind by its name. */
export const proofs: ReadonlyMap<string, Proof> = new Map(
  [alert, channel, check, metrics, retention, scrape].map((proof) => [proof.kind, proof]),
);
