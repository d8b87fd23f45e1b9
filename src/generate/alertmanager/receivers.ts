import type { ChannelKind, ReceiverEntry } from '../../alert/channel.ts';
import { Fault } from '../../base/fault.ts';
import type { ChannelDeclaration, Gate } from '../../gate/gate.ts';
import type { ItemWants } from '../wants.ts';
import { wanted } from '../wants.ts';

/** A receiver by name, with the channels to which it leads. */
export type Leads = ReadonlyMap<string, readonly string[]>;

/**
 * Which channels each receiver leads to. An item that names one receiver says it outright; one that names several says it
 * of the one that nobody else speaks of.
 */
export function leadsOf(items: readonly ItemWants[]): { readonly leads: Leads; readonly faults: readonly Fault[] } {
  const ways = wanted(items, 'way');
  const leads = new Map<string, readonly string[]>();
  const lead = (receiver: string, channels: readonly string[]): void => {
    leads.set(receiver, [...new Set([...(leads.get(receiver) ?? []), ...channels])]);
  };
  const plain = ways.filter(({ wants }) => wants.receivers.length === 1);
  for (const { wants } of plain) for (const receiver of wants.receivers) lead(receiver, wants.channels);
  const faults: Fault[] = [];
  for (const { wants, item, place } of ways.filter((way) => !plain.includes(way))) {
    const unknown = wants.receivers.filter((receiver) => !leads.has(receiver));
    const rest = wants.channels.filter((channel) => !wants.receivers.some((receiver) => leads.get(receiver)?.includes(channel)));
    const [only] = unknown;
    if (only !== undefined && unknown.length === 1) lead(only, rest);
    else if (rest.length > 0 || unknown.length > 0) faults.push(ambiguous(item.id, wants.receivers, rest, place));
  }
  const silent = [...leads].filter(([, channels]) => channels.length === 0).map(([receiver]) => receiver);
  for (const receiver of silent) {
    const { place } = ways.find(({ wants }) => wants.receivers.includes(receiver)) ?? {};
    const message = `the gate does not say which channels the receiver ${receiver} leads to`;
    faults.push(
      new Fault('config/missing-key', message, { hint: 'name them under "channels" of an item that names this receiver', place }),
    );
  }
  return { leads, faults };
}

function ambiguous(id: string, receivers: readonly string[], rest: readonly string[], place: ItemWants['place']): Fault {
  const which = rest.length === 0 ? 'its channels' : rest.join(' and ');
  return new Fault('config/bad-value', `the item ${id} does not say which of ${receivers.join(' and ')} leads to ${which}`, {
    hint: 'name one receiver in it that leads to all of its channels, or say in other items what each receiver leads to',
    place,
  });
}

export interface EntriesOptions {
  readonly gate: Gate;
  readonly kinds: ReadonlyMap<string, ChannelKind>;
  /** Where Alertmanager finds its secrets. */
  readonly secretsFolder: string;
}

export interface Entries {
  /** By the names of the channels. */
  readonly byChannel: ReadonlyMap<string, ReceiverEntry>;
  /** The files that must be there, each with what belongs in it. */
  readonly files: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
}

/** How Alertmanager comes to each of these channels. */
export function entriesFor(names: readonly string[], { gate, kinds, secretsFolder }: EntriesOptions): Entries {
  const files = new Map<string, string>();
  const byChannel = new Map<string, ReceiverEntry>();
  const faults: Fault[] = [];
  for (const channel of gate.channels.filter(({ name }) => names.includes(name))) {
    const own = new Map<string, string>();
    const entry = kinds.get(channel.kind)?.receiver?.(channel.options, (secret, holds) => {
      const file = `${secretsFolder.replace(/\/+$/, '')}/${channel.name}.${secret}`;
      own.set(file, holds);
      return file;
    });
    if (entry === undefined) faults.push(noWay(channel));
    else byChannel.set(channel.name, entry);
    for (const [file, holds] of own) files.set(file, holds);
  }
  return { byChannel, files, faults };
}

function noWay({ name, kind }: ChannelDeclaration): Fault {
  const message = `the gate does not say how Alertmanager comes to the channel ${name}: it has no way of its own to send to ${kind}`;
  return new Fault('config/missing-key', message, {
    hint: `add to it "alertsUrl", the address at which a bridge takes Alertmanager's webhook and passes it on`,
  });
}
