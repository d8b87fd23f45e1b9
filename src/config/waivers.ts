import type { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { Item } from '../gate/gate.ts';
import { mayBeWaived, type WaiverPolicy } from '../gate/waiver.ts';
import { childOf, placeOfNode, textNode, type MapNode } from './node.ts';
import { duplicates } from './read-items.ts';
import type { gateFile } from './schema.ts';

/** What a gate file says of what may be waived. */
export function waiverPolicyOf({ policy }: Pick<z.output<typeof gateFile>, 'policy'>): WaiverPolicy | undefined {
  if (policy.waivers === undefined) return undefined;
  const { items, severities, longest } = policy.waivers;
  return { items, severities, longestMs: longest };
}

/** Faults for items that are waived twice or may not be. That a waiver has ended or lasts too long is told by the run: it depends on when that is. */
export function wrongWaivers(root: MapNode, policy: WaiverPolicy | undefined, items: readonly Item[]): readonly Fault[] {
  const list = childOf(root, 'waivers');
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(childOf(node, 'item')) ?? []);
  const forbidden = named.flatMap((node) => {
    const item = items.find(({ id }) => id === node.value);
    if (item === undefined || mayBeWaived(item, policy)) return [];
    const hint = `what may be waived stands in the gate file: policy: { waivers: { items: [${item.id}] } }`;
    return [new Fault('config/bad-value', `the gate does not allow "${item.id}" to be waived`, { hint, place: placeOfNode(node) })];
  });
  return [...duplicates(named, 'waiver of').map(({ fault }) => fault), ...forbidden];
}
