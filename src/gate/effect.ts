import type { HttpRequest } from '../base/exchange.ts';

/**
 * Something a proof changes in the live stack, described before it is done, so that it can be undone
 * by whoever is left: this run, a signal handler, or the next run after a crash.
 */
export interface Effect {
  /** For people: `errors are injected into http://…`. */
  readonly says: string;
  /** When it ends by itself even if nobody undoes it. */
  readonly expiresInMs: number;
  /** As data and not as a function: a function would die with the process. */
  readonly undo: HttpRequest;
}

/** Keeps account of the effects of a run. */
export interface Effects {
  /**
   * Writes the effect down, then makes it; one that fails half-way is undone at once. The returned function undoes it;
   * whatever is left is undone when the run ends.
   */
  make<Result>(effect: Effect, perform: () => Promise<Result>): Promise<{ result: Result; undo: () => Promise<void> }>;
}
