import type { Basis } from '../../base/basis.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { CheckRequirement } from './requirement.ts';

export function restsOnCheck({ check }: CheckRequirement, { declared }: BasisContext): Promise<readonly Basis[]> {
  return declared.check(check);
}
