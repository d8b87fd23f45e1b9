import type { HttpRequest } from '../base/exchange.ts';

/** Ends every silence whose comment mentions a nonce: a silence's id is known only once it is made, and a run may be killed just then. */
export interface EndSilences {
  /** Holds the nonce. */
  readonly mentioning: string;
  /** The request that lists silences. */
  readonly list: HttpRequest;
  /** The request that ends one of them, with `{id}` in its URL. */
  readonly end: HttpRequest;
}

/** How an effect is undone. As data and not as a function: a function would die with the process. */
export type Undo = HttpRequest | EndSilences;

/**
 * Something a proof changes in the live stack, described before it is done, so that it can be undone
 * by whoever is left: this run, a signal handler, or the next run after a crash.
 */
export interface Effect {
  /** For people: `errors are injected into http://…`. */
  readonly says: string;
  /** When it ends by itself even if nobody undoes it. */
  readonly expiresInMs: number;
  readonly undo: Undo;
}

/** Keeps account of the effects of a run. */
export interface Effects {
  /**
   * Writes the effect down, then makes it; one that fails half-way is undone at once. The returned function undoes it;
   * whatever is left is undone when the run ends. Throws the Fault `journal/unwritable`, and makes nothing, when it cannot be written down.
   */
  make<Result>(effect: Effect, perform: () => Promise<Result>): Promise<{ result: Result; undo: () => Promise<void> }>;
}
