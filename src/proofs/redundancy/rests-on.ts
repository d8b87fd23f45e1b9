import type { Basis } from '../../base/basis.ts';
import { Fault } from '../../base/fault.ts';
import type { Troubled } from '../../base/trouble.ts';
import type { BasisContext } from '../../gate/proof.ts';
import { lookAtParts } from './look.ts';
import type { RedundancyRequirement } from './requirement.ts';

/** The rules, the configurations and the cluster of everybody who stands in for somebody. */
export async function restsOnRedundancy({ watchdog, channel }: RedundancyRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { prometheuses, alertmanagers } = await lookAtParts(watchdog, context);
  return [
    context.declared.channel(channel),
    ...prometheuses.map(({ url, seen }) => ({ what: `the rules of ${url}`, value: orThrow(seen) })),
    ...alertmanagers.map(({ url, seen }) => {
      const { config, clusterStatus, peers } = orThrow(seen);
      // A member that was started again has another name.
      return { what: `the configuration of ${url}`, value: { config, clusterStatus, peers: peers.length } };
    }),
  ];
}

function orThrow<Seen extends object>(seen: Seen | Troubled): Exclude<Seen, Troubled> {
  if ('trouble' in seen) throw new Fault('stack/unreachable', seen.trouble.says, { hint: seen.trouble.hint });
  return seen as Exclude<Seen, Troubled>;
}
