import type { Item } from './gate.ts';

/**
 * The items that must be settled before one that must be alone begins: all that rest neither on it nor on a later one of its like.
 * Of several such items the earlier ones go first, each after what it rests on; so no two of them wait for each other.
 */
export function waitedForBy(item: Item, items: readonly Item[], isAlone: (item: Item) => boolean): readonly string[] {
  const inTurn = needsFirst(items).filter(isAlone);
  const earlier = inTurn.slice(0, inTurn.indexOf(item));
  const waitsForLater = (other: Item): boolean => needsFirst(items, [other]).some((each) => isAlone(each) && !earlier.includes(each));
  return items.filter((other) => other !== item && !waitsForLater(other)).map(({ id }) => id);
}

/** These items and all that they rest on, each after what it rests on. */
function needsFirst(items: readonly Item[], these = items): readonly Item[] {
  const order = new Set<Item>();
  const add = (item: Item): void => {
    if (order.has(item)) return;
    for (const need of items.filter(({ id }) => item.needs.includes(id))) add(need);
    order.add(item);
  };
  for (const item of these) add(item);
  return [...order];
}
