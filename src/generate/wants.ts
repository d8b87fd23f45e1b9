import type { Fault, Place } from '../base/fault.ts';
import type { Gate, Item } from '../gate/gate.ts';
import type { Proof } from '../gate/proof.ts';
import type { Wanted } from '../gate/wanted.ts';

/** What one item wants of the monitoring. */
export interface ItemWants extends Wanted {
  readonly item: Item;
  /** Where the item stands, for faults. */
  readonly place: Place | undefined;
}

/** A generated file, or everything that keeps it from being generated. */
export type Generated = { readonly text: string } | { readonly faults: readonly Fault[] };

export interface Source {
  readonly gate: Gate;
  readonly proofs: ReadonlyMap<string, Proof>;
  placeOf(path: readonly (string | number)[]): Place | undefined;
}

export function wantsOf({ gate, proofs, placeOf }: Source): readonly ItemWants[] {
  return gate.items.map((item, index) => ({
    item,
    place: placeOf(['items', index]),
    ...proofs.get(item.proof)?.wants?.(item.requirement),
  }));
}

/** What some items want of one kind, each with its item. */
export function wanted<Key extends keyof Wanted>(
  items: readonly ItemWants[],
  key: Key,
): readonly { readonly item: Item; readonly place: Place | undefined; readonly wants: NonNullable<Wanted[Key]> }[] {
  return items.flatMap(({ item, place, [key]: wants }) => (wants === undefined ? [] : [{ item, place, wants }]));
}
