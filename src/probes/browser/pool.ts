/** Something that is used by one run at a time and costs much to open. */
export interface Pooled {
  /** Whether the next run may have it. */
  isFit(): boolean;
  close(): Promise<void>;
}

/** Disposing of it closes all that waits, and rejects when anything has not closed. */
export interface Pool<Item extends Pooled> extends AsyncDisposable {
  /** The item of this key that was used last, or a new one. */
  take(key: string, open: () => Promise<Item>): Promise<Item>;
  /** Back from a run; one that is not fit any more is closed. */
  give(key: string, item: Item): Promise<void>;
}

export interface PoolLimits {
  /** So many wait for their next run; the one that has waited longest goes first. */
  readonly mostIdle: number;
  /** An item that nobody wanted for so long is closed. */
  readonly idleMs: number;
}

/** Keeps opened things from run to run. */
export function createPool<Item extends Pooled>({ mostIdle, idleMs }: PoolLimits): Pool<Item> {
  const idle: { readonly key: string; readonly item: Item; readonly timer: NodeJS.Timeout }[] = [];
  const closing = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let isOver = false;
  /** Never rejects: the run that closes something may be another one than that which used it, and often nobody waits. It is told at the end. */
  const close = (item: Item): Promise<void> => {
    const ending = item
      .close()
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => closing.delete(ending));
    closing.add(ending);
    return ending;
  };
  const removeAt = (index: number): Item | undefined => {
    const [removed] = idle.splice(index, 1);
    clearTimeout(removed?.timer);
    return removed?.item;
  };
  return {
    take: async (key, open) => {
      for (;;) {
        const index = idle.findLastIndex((each) => each.key === key);
        const item = index === -1 ? undefined : removeAt(index);
        if (item === undefined) return open();
        if (item.isFit()) return item;
        void close(item);
      }
    },
    give: async (key, item) => {
      if (isOver || !item.isFit()) return close(item);
      const timer = setTimeout(() => {
        const index = idle.findIndex((each) => each.item === item);
        if (index !== -1) removeAt(index);
        void close(item);
      }, idleMs).unref();
      idle.push({ key, item, timer });
      if (idle.length > mostIdle) {
        const oldest = removeAt(0);
        if (oldest !== undefined) await close(oldest);
      }
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      while (idle.length > 0) {
        const item = removeAt(0);
        if (item !== undefined) void close(item);
      }
      await Promise.all(closing);
      if (failure !== undefined) throw failure.error;
    },
  };
}
