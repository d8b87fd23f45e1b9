import type { Plan } from '../plan.ts';

/** One way to people, and the items that take it. */
export interface Taken {
  /** The channel of the gate, or what else is known of it. */
  readonly way: string;
  readonly to?: string;
  readonly items: readonly string[];
  /** Items that may take it, depending on what is known only then. */
  readonly perhaps: readonly string[];
}

export interface Summary {
  readonly wakes: readonly { readonly who: string; readonly by: readonly Taken[] }[];
  /** Ways that leave something to be read and wake nobody. */
  readonly tells: readonly Taken[];
  /** What would be told, and is held back now: it wakes nobody unless that ends. */
  readonly heldBack: readonly { readonly item: string; readonly way: string; readonly by: readonly string[] }[];
}

type Used = { readonly item: string; readonly way: Plan['items'][number]['touches'][number]['ways'][number] };

/** Pure: a plan from the side of those whom it reaches. */
export function summaryOf({ items }: Pick<Plan, 'items'>): Summary {
  const used = items.flatMap(({ id, touches }) => touches.flatMap(({ ways }) => ways.map((way): Used => ({ item: id, way }))));
  const free = used.filter(({ way }) => way.heldBackBy.length === 0);
  const people = [...new Set(free.flatMap(({ way }) => way.people))];
  return {
    wakes: people.map((who) => ({ who, by: taken(free.filter(({ way }) => way.people.includes(who))) })),
    tells: taken(free.filter(({ way }) => way.wakes === 'nobody')),
    heldBack: used.filter(({ way }) => way.heldBackBy.length > 0).map(({ item, way }) => ({ item, way: nameOf(way), by: way.heldBackBy })),
  };
}

function taken(used: readonly Used[]): readonly Taken[] {
  return [...Map.groupBy(used, ({ way }) => nameOf(way))].map(([name, group]) => {
    const to = group[0]?.way.to;
    const items = [...new Set(group.filter(({ way }) => way.isCertain).map(({ item }) => item))];
    const perhaps = [...new Set(group.map(({ item }) => item))].filter((item) => !items.includes(item));
    return { way: name, ...(to === undefined ? {} : { to }), items, perhaps };
  });
}

function nameOf({ channels, by, receiver }: Used['way']): string {
  if (channels.length > 0) return channels.join(' or ');
  return receiver === undefined ? (by ?? 'a way that is not known') : `${by ?? 'nothing'} of the receiver ${receiver}`;
}
