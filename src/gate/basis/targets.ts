import type { Basis } from '../../base/basis.ts';
import { targetsOf } from '../../stack/targets.ts';
import type { ProofContext } from '../proof.ts';

/** The targets of a job as Prometheus scrapes them, whatever it gets from them. */
export async function targetsBasis(job: string, { prometheus, signal }: Pick<ProofContext, 'prometheus' | 'signal'>): Promise<Basis> {
  const targets = targetsOf(job, await prometheus().targets(signal));
  const shown = targets.map(({ labels, scrapeUrl, scrapeIntervalMs }) => JSON.stringify([scrapeUrl, labels, scrapeIntervalMs]));
  return { what: `the targets of ${job}`, value: shown.toSorted() };
}
