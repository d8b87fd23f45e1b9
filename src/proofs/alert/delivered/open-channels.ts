import type { Channel } from '../../../alert/channel.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { AlertRequirement } from '../requirement.ts';
import { orTrouble, type Troubled } from '../../../base/trouble.ts';

/** A channel of the gate, or why it could not be opened. */
export interface NamedChannel {
  readonly name: string;
  readonly channel: Channel | Troubled;
}

/** Opens every channel on which something will be awaited: before anything is sent, or a sink would miss what comes at once. */
export async function openChannels(requirement: AlertRequirement, context: ProofContext): Promise<readonly NamedChannel[]> {
  const { channels, acknowledgedOn, resolvedOn } = requirement;
  const names = [...new Set([...channels, ...acknowledgedOn, ...resolvedOn])];
  return Promise.all(names.map(async (name) => ({ name, channel: await orTrouble(context.signal, () => context.channel(name)) })));
}
