import type { Item } from './gate.ts';

/**
 * The items that must be settled before one that must be alone begins: all that do not rest on it themselves.
 * Of several such items the earlier ones go first, unless they rest on this one.
 */
export function waitedForBy(item: Item, items: readonly Item[], isAlone: (item: Item) => boolean): readonly string[] {
  const restsOnIt = (other: Item): boolean =>
    other.needs.some((need) => need === item.id || items.some((each) => each.id === need && restsOnIt(each)));
  const position = items.indexOf(item);
  return items.filter((other, index) => other !== item && !restsOnIt(other) && (!isAlone(other) || index < position)).map(({ id }) => id);
}
