import type { Basis } from '../../base/basis.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { ChannelRequirement } from './requirement.ts';

export function restsOnChannel({ channel }: ChannelRequirement, { declared }: BasisContext): Promise<readonly Basis[]> {
  return Promise.resolve([declared.channel(channel)]);
}
