import type { ChannelKind, Reach } from '../../alert/channel.ts';
import type { Gate } from '../gate.ts';
import type { Proof } from '../proof.ts';

/** A channel of the gate, and where it ends. */
export interface DeclaredWay extends Reach {
  readonly name: string;
}

/** What the gate declares of the ways to people. */
export interface World {
  readonly ways: readonly DeclaredWay[];
  /** By receiver of Alertmanager: the channels to which the gate's items say that it leads. */
  readonly leads: ReadonlyMap<string, ReadonlySet<string>>;
}

export function worldOf(
  { channels, items }: Gate,
  kinds: { readonly proofs: ReadonlyMap<string, Proof>; readonly channels: ReadonlyMap<string, ChannelKind> },
): World {
  const leads = new Map<string, Set<string>>();
  for (const { proof, requirement } of items) {
    const { receivers = [], channels: ends = [] } = kinds.proofs.get(proof)?.leads?.(requirement) ?? {};
    for (const receiver of receivers) leads.set(receiver, new Set([...(leads.get(receiver) ?? []), ...ends]));
  }
  const ways = channels.map(({ name, kind, options }) => {
    const found = kinds.channels.get(kind);
    if (found === undefined) throw new Error(`no channel kind "${kind}": the gate's loader should have said so`);
    return { name, ...found.reach(options) };
  });
  return { ways, leads };
}
