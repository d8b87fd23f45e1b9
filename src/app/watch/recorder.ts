import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../check/result.ts';
import type { Store } from '../../store/store.ts';

export interface RecorderOptions {
  readonly store: Pick<Store, 'add'>;
  readonly clock: Clock;
  /** So many results wait while the store cannot be written; of more, the oldest are lost, and counted. */
  readonly mostWaiting?: number;
  readonly retryAfterMs?: number;
  tell(event: RecorderEvent): void;
}

export type RecorderEvent =
  | { readonly type: 'stored'; readonly results: number; readonly tookMs: number }
  | { readonly type: 'not-stored'; readonly results: number; readonly tookMs: number; readonly because: string }
  | { readonly type: 'dropped'; readonly results: number };

/** Hands results to the store, and holds them while it cannot take them. */
export interface Recorder {
  add(result: Result): void;
  /** How many are not stored yet. */
  waiting(): number;
  /** Why the last write failed; undefined when it did not. */
  trouble(): string | undefined;
  /** Stores what waits, for as long as `withinMs`; what cannot be stored by then is lost, and told. */
  end(withinMs: number): Promise<void>;
}

const batchOf = 1_000;

export function createRecorder({ store, clock, mostWaiting = 100_000, retryAfterMs = 1_000, tell }: RecorderOptions): Recorder {
  let waiting: Result[] = [];
  let writing: readonly Result[] = [];
  let working: Promise<void> | undefined;
  let trouble: string | undefined;
  const over = new AbortController();

  const left = (): number => waiting.length + writing.length;
  const bound = (): void => {
    const tooMany = waiting.length - mostWaiting;
    if (tooMany <= 0) return;
    waiting = waiting.slice(tooMany);
    tell({ type: 'dropped', results: tooMany });
  };
  const write = async (): Promise<void> => {
    while (waiting.length > 0 && !over.signal.aborted) {
      writing = waiting.slice(0, batchOf);
      waiting = waiting.slice(batchOf);
      const startedMs = clock.monotonicMs();
      const tookMs = (): number => clock.monotonicMs() - startedMs;
      const results = writing.length;
      try {
        await store.add(writing);
        writing = [];
        trouble = undefined;
        tell({ type: 'stored', results, tookMs: tookMs() });
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        waiting = [...writing, ...waiting];
        writing = [];
        tell({ type: 'not-stored', results, tookMs: tookMs(), because: trouble });
        bound();
        await clock.sleep(retryAfterMs, over.signal).catch(() => undefined);
      }
    }
  };
  const work = (): Promise<void> => (working ??= write().finally(worked));
  const worked = (): void => {
    working = undefined;
    // What came after the last look would wait for the next one to come.
    if (waiting.length > 0 && !over.signal.aborted) void work();
  };

  return {
    add: (result) => {
      waiting.push(result);
      bound();
      void work();
    },
    waiting: left,
    trouble: () => trouble,
    end: async (withinMs) => {
      const done = new AbortController();
      const late = clock.sleep(withinMs, done.signal).then(
        () => over.abort(),
        () => undefined,
      );
      while (left() > 0 && !over.signal.aborted) await Promise.race([work(), late]);
      done.abort();
      if (left() > 0) tell({ type: 'dropped', results: left() });
    },
  };
}
