import { Fault } from '../base/fault.ts';
import type { Item } from './gate.ts';

/** The named items with everything that they rest on. A name that no item has is a Fault (`usage/bad-argument`). */
export function selectItems(items: readonly Item[], ids: readonly string[]): ReadonlySet<string> {
  const selected = new Set<string>();
  const select = (id: string): void => {
    if (selected.has(id)) return;
    const item = items.find((each) => each.id === id);
    if (item === undefined) {
      throw new Fault('usage/bad-argument', `the gate has no item "${id}"`, {
        hint: `its items are ${items.map((each) => each.id).join(', ')}`,
      });
    }
    selected.add(id);
    item.needs.forEach(select);
  };
  ids.forEach(select);
  return selected;
}
