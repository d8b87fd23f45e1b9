import type { z } from 'zod';
import type { Result } from '../check/result.ts';

/** Times since the epoch in milliseconds; `from` is within, `to` is not. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How a check did over a span. Durations are of passed and failed runs: an error says nothing about the target. */
export interface Summary {
  readonly check: string;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  /** Passed of passed and failed, from 0 to 1; undefined when there were none. */
  readonly uptime: number | undefined;
  /** Percentiles by nearest rank, within 1% of the true ones (`relativeError`). */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export interface Retention {
  /** For how long each result is kept. */
  readonly detailedMs: number;
  /** For how long the rollups are kept; never shorter than the results. */
  readonly rolledUpMs: number;
}

/**
 * Where results are kept: when they were due in whole milliseconds, durations in whole microseconds, and of an observation's digest at least the
 * first 128 bits. Trouble with the place itself (full, locked, damaged) is thrown as a Fault; nothing that was acknowledged is lost by it.
 */
export interface Store extends AsyncDisposable {
  /** Resolves when the results would survive a crash: only then are they acknowledged. All of them are stored, or none. They may come in any order of time. */
  add(results: readonly Result[]): Promise<void>;
  /** In the order of time; one check's, or all. However many there are, few are held at once. */
  results(query: Span & { readonly check?: string | undefined; readonly place?: string | undefined }): AsyncIterable<Result>;
  /** The last results of one check, newest first. */
  latest(check: string, count: number): Promise<readonly Result[]>;
  /**
   * By check, in the order of names; the checks that have results in the span. Where single results have been taken away already, a minute is
   * counted as a whole by its beginning.
   */
  summaries(query: Span & { readonly check?: string | undefined }): Promise<readonly Summary[]>;
  /** Takes away what has been kept for long enough, in whole hours and fortnights, and gives the room on the disk back. Others may add meanwhile. */
  retain(retention: Retention, nowMs: number): Promise<{ readonly results: number; readonly bytes: number }>;
  close(): Promise<void>;
}

/** A way to keep results. */
export interface StoreKind<Options = unknown> {
  readonly kind: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  readonly options: z.ZodType<Options>;
  /** With `readOnly` nothing is made that is not there, and nothing is changed. */
  open(options: Options, how?: { readonly readOnly?: boolean | undefined }): Promise<Store>;
  /** Holds it for one daemon until it is disposed of or the process ends; rejects with a Fault when another one holds it. */
  hold(options: Options): Promise<Disposable>;
}

/** Types a store kind by its schema, and forgets the types so that kinds can stand in one list. */
export function defineStore<Options>(store: StoreKind<Options>): StoreKind {
  return store;
}
