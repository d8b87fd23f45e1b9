import type { Proof } from '../gate/proof.ts';
import access from './access.ts';
import alert from './alert.ts';
import channel from './channel.ts';
import check from './check.ts';
import dashboard from './dashboard.ts';
import metrics from './metrics.ts';
import redundancy from './redundancy.ts';
import retention from './retention.ts';
import scrape from './scrape.ts';
import watchdog from './watchdog.ts';

/** Every proof kind by its name. */
export const proofs: ReadonlyMap<string, Proof> = new Map(
  [access, alert, channel, check, dashboard, metrics, redundancy, retention, scrape, watchdog].map((proof) => [proof.kind, proof]),
);
