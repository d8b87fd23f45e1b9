import type { Basis } from '../../base/basis.ts';
import { discoverTargets } from '../../stack/targets.ts';
import type { ProofContext } from '../proof.ts';

/** The targets of a job as Prometheus scrapes them, whatever it gets from them. */
export async function targetsBasis(job: string, context: Pick<ProofContext, 'prometheus' | 'clock' | 'signal'>): Promise<Basis> {
  const targets = await discoverTargets(context.prometheus(), job, context);
  const shown = targets.map(({ labels, scrapeUrl, scrapeIntervalMs }) => JSON.stringify([scrapeUrl, labels, scrapeIntervalMs]));
  return { what: `the targets of ${job}`, value: shown.toSorted() };
}
