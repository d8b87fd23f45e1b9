import type { Weight } from './job.ts';

/** How many runs are under way at once, at most: heavy ones apart from the light. */
export type Limits = Readonly<Record<Weight, number>>;

/** Lets runs in as there is room, those that came first first. */
export interface Admission<Item> {
  readonly waiting: number;
  queue(item: Item, weight: Weight): void;
  /** Takes it out of the queue, when it stands there. */
  withdraw(item: Item, weight: Weight): void;
  /** The next one for which there is room: it takes its room until it has left. */
  enter(weight: Weight, nowMs: number): Entered<Item> | undefined;
}

export interface Entered<Item> {
  readonly item: Item;
  leave(): void;
}

/**
 * A light run that has gone on for so long waits for its target and needs next to nothing of the machine: it takes a fiftieth of the room.
 * Otherwise the room would have to be large enough for targets that are slow or hang, and then too many would be busy at the same time.
 */
const waits = { afterMs: 50, share: 0.02 } as const;

interface Lane<Item> {
  readonly limit: number;
  /** What a run takes that has gone on for long. */
  readonly share: number;
  /** When the runs that take a whole room began, in order. */
  readonly young: { readonly beganMs: number }[];
  readonly old: Set<object>;
  /** Keeps the order in which items came, and lets one be taken out of the middle. */
  readonly queue: Set<Item>;
}

export function createAdmission<Item>(limits: Limits): Admission<Item> {
  const lane = (limit: number, share: number): Lane<Item> => ({ limit, share, young: [], old: new Set(), queue: new Set() });
  const lanes: Readonly<Record<Weight, Lane<Item>>> = { light: lane(limits.light, waits.share), heavy: lane(limits.heavy, 1) };
  return {
    get waiting() {
      return lanes.light.queue.size + lanes.heavy.queue.size;
    },
    queue: (item, weight) => void lanes[weight].queue.add(item),
    withdraw: (item, weight) => void lanes[weight].queue.delete(item),
    enter: (weight, nowMs) => {
      const { limit, share, young, old, queue } = lanes[weight];
      for (let first = young[0]; first !== undefined && nowMs - first.beganMs >= waits.afterMs; first = young[0]) {
        old.add(first);
        young.shift();
      }
      // In whole shares: fractions do not add up.
      if (Math.round((young.length + 1) / share) + old.size > Math.round(limit / share)) return undefined;
      const next = queue.values().next();
      if (next.done === true) return undefined;
      queue.delete(next.value);
      const run = { beganMs: nowMs };
      young.push(run);
      const leave = (): void => {
        if (old.delete(run)) return;
        const place = young.indexOf(run);
        if (place >= 0) young.splice(place, 1);
      };
      return { item: next.value, leave };
    },
  };
}
