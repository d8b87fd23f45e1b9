import type { Basis } from '../../base/basis.ts';
import { targetsBasis } from '../../gate/basis/targets.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { MetricsRequirement } from './requirement.ts';

export async function restsOnMetrics({ job, stimulus }: MetricsRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const stimulated = stimulus === undefined ? [] : await context.declared.check(stimulus.check);
  return [await targetsBasis(job, context), ...stimulated];
}
