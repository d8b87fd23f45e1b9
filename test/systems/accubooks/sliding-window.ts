/** Counts events of the recent past by key. */
export interface SlidingWindow {
  add(key: string, count?: number): void;
  total(key: string): number;
  totals(): ReadonlyMap<string, number>;
  /** How much time the totals cover: less than the whole window while the app is young. */
  seconds(): number;
}

/** Events are kept in this many slots, so memory does not grow with traffic and the window's edge is at most 1/60 off. */
const slotCount = 60;

export function createSlidingWindow(windowMs: number, nowMs: () => number = () => performance.now()): SlidingWindow {
  const slotMs = windowMs / slotCount;
  const startedMs = nowMs();
  const slots = new Map<number, Map<string, number>>();

  const currentSlot = (): number => {
    const current = Math.floor(nowMs() / slotMs);
    for (const slot of slots.keys()) {
      if (slot > current - slotCount) break;
      slots.delete(slot);
    }
    return current;
  };

  const totals = (): Map<string, number> => {
    currentSlot();
    const sums = new Map<string, number>();
    for (const counts of slots.values()) for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
    return sums;
  };

  return {
    add: (key, count = 1) => {
      const current = currentSlot();
      const counts = slots.get(current) ?? new Map<string, number>();
      slots.set(current, counts);
      counts.set(key, (counts.get(key) ?? 0) + count);
    },
    total: (key) => totals().get(key) ?? 0,
    totals,
    seconds: () => Math.max(Math.min(nowMs() - startedMs, windowMs), 1) / 1000,
  };
}
