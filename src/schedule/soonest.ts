/** Items in the order of a number that each has: the least first, and of the same those first that came first. */
export interface Soonest<Item> {
  /** Places it, or moves it to another place. */
  set(item: Item, atMs: number): void;
  delete(item: Item): void;
  /** Of the first one. */
  nextMs(): number | undefined;
  /** Takes the first one away, when it is not after `untilMs`. */
  take(untilMs: number): Item | undefined;
}

interface Entry<Item> {
  readonly item: Item;
  readonly atMs: number;
  readonly turn: number;
}

/** A binary heap; what was moved or deleted is passed over when it comes up. */
export function soonestFirst<Item>(): Soonest<Item> {
  const heap: Entry<Item>[] = [];
  const current = new Map<Item, Entry<Item>>();
  let turn = 0;

  const first = (): Entry<Item> | undefined => {
    for (;;) {
      const top = heap[0];
      if (top === undefined || current.get(top.item) === top) return top;
      takeTop(heap);
    }
  };
  return {
    set: (item, atMs) => {
      const entry = { item, atMs, turn: turn++ };
      current.set(item, entry);
      heap.push(entry);
      rise(heap);
      // Left-overs are at most as many as what counts, and some.
      if (heap.length > 2 * current.size + 64) {
        heap.splice(0, heap.length, ...[...current.values()].toSorted((a, b) => a.atMs - b.atMs || a.turn - b.turn));
      }
    },
    delete: (item) => void current.delete(item),
    nextMs: () => first()?.atMs,
    take: (untilMs) => {
      const top = first();
      if (top === undefined || top.atMs > untilMs) return undefined;
      takeTop(heap);
      current.delete(top.item);
      return top.item;
    },
  };
}

function isBefore<Item>(a: Entry<Item>, b: Entry<Item>): boolean {
  return a.atMs === b.atMs ? a.turn < b.turn : a.atMs < b.atMs;
}

function rise<Item>(heap: Entry<Item>[]): void {
  let at = heap.length - 1;
  const entry = heap[at] as Entry<Item>;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Entry<Item>;
    if (!isBefore(entry, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function takeTop<Item>(heap: Entry<Item>[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    if (left === undefined) break;
    if (right !== undefined && isBefore(right, left)) below += 1;
    const child = heap[below] as Entry<Item>;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}
