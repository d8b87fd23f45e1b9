import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Kept } from '../check/probe.ts';

export interface KeptOptions {
  readonly clock: Clock;
  /** An opening that takes longer is given up, so that the next run tries another one. */
  readonly openWithinMs?: number;
  /** A closing that takes longer is no longer waited for. */
  readonly closeWithinMs?: number;
  tell?(event: KeptEvent): void;
}

export type KeptEvent =
  | { readonly type: 'opened' | 'closed'; readonly part: string }
  | { readonly type: 'not-opened' | 'not-closed'; readonly part: string; readonly because: string };

/** Parts that probes keep, for as long as the process runs checks. */
export interface OwnKept extends Kept, AsyncDisposable {
  /** How many are open now, by name. */
  open(): Readonly<Record<string, number>>;
}

/** Keeps parts between runs, gives up on those that do not open or close in time, and closes all of them at the end. */
export function keepParts({ clock, openWithinMs = 60_000, closeWithinMs = 10_000, tell = () => undefined }: KeptOptions): OwnKept {
  const parts = new Map<string, Promise<AsyncDisposable>>();
  const opened = new Map<string, AsyncDisposable>();
  const closings = new Set<Promise<void>>();
  let isOver = false;

  const close = async (name: string, part: AsyncDisposable): Promise<void> => {
    try {
      await within(closeWithinMs, Promise.resolve(part[Symbol.asyncDispose]()), `did not close within ${String(closeWithinMs / 1000)} s`);
      tell({ type: 'closed', part: name });
    } catch (error) {
      tell({ type: 'not-closed', part: name, because: wordsOf(error) });
    }
  };
  const closing = (name: string, part: AsyncDisposable): Promise<void> => {
    const work = close(name, part).finally(() => closings.delete(work));
    closings.add(work);
    return work;
  };

  /** Rejects when `work` takes too long. */
  const within = async <Result>(ms: number, work: Promise<Result>, says: string): Promise<Result> => {
    const done = new AbortController();
    const late = clock.sleep(ms, done.signal).then(() => {
      throw new Fault('probe/cannot-run', says);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      done.abort();
    }
  };

  const start = (name: string, open: () => Promise<AsyncDisposable>): Promise<AsyncDisposable> => {
    const work = open();
    const isCurrent = (): boolean => parts.get(name) === limited && !isOver;
    const limited: Promise<AsyncDisposable> = within(
      openWithinMs,
      work,
      `the kept ${name} did not open within ${String(openWithinMs / 1000)} s`,
    );
    parts.set(name, limited);
    work.then(
      (part) => {
        // It came after it was given up or dropped: nobody else will close it.
        if (!isCurrent()) return void closing(name, part);
        opened.set(name, part);
        tell({ type: 'opened', part: name });
      },
      () => undefined,
    );
    limited.catch((error: unknown) => {
      // The next run tries again.
      if (parts.get(name) === limited) parts.delete(name);
      tell({ type: 'not-opened', part: name, because: wordsOf(error) });
    });
    return limited;
  };

  return {
    // The name stands for the type: whoever opens a part is who asks for it.
    get: async <Part extends AsyncDisposable>(name: string, open: () => Promise<Part>): Promise<Part> => {
      if (isOver) throw new Fault('run/aborted', 'the run is over');
      return (await (parts.get(name) ?? start(name, open))) as Part;
    },
    drop: async (name) => {
      parts.delete(name);
      const part = opened.get(name);
      if (part === undefined || !opened.delete(name)) return;
      await closing(name, part);
    },
    open: () => Object.fromEntries([...opened.keys()].map((name) => [name, 1])),
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      for (const [name, part] of opened) void closing(name, part);
      opened.clear();
      parts.clear();
      await Promise.all(closings);
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
