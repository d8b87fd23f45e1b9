import type { Basis } from '../../base/basis.ts';
import { targetsBasis } from '../../gate/basis/targets.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { ScrapeRequirement } from './requirement.ts';

export async function restsOnScrape({ job }: ScrapeRequirement, context: BasisContext): Promise<readonly Basis[]> {
  return [await targetsBasis(job, context)];
}
