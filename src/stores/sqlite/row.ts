import type { Outcome } from '../../check/outcome.ts';
import type { Result } from '../../check/result.ts';
import { bucketOf } from '../../store/histogram.ts';

/** A result without its check and place, as a row keeps it. */
export interface Row {
  readonly dueMs: number;
  readonly lateUs: number;
  readonly durationUs: number;
  readonly status: Outcome['status'];
  readonly attempts: number;
  /** As JSON; empty when there are none. */
  readonly reasons: string;
  /** The first bits of the observation's digest. */
  readonly digest: Uint8Array | undefined;
}

/**
 * How much of a digest is kept. 128 bits find an observation among any number of them, and nobody can make another observation for a digest
 * that is there; the whole digest stands with the evidence.
 */
export const digestBytes = 16;

/** In the order in which they are numbered. */
export const statuses = ['pass', 'fail', 'error'] as const;

/** A row, and of which check at which place it is. */
export interface Entry {
  readonly check: string;
  readonly place: string;
  readonly row: Row;
}

export function entryOf(result: Result): Entry {
  return { check: result.check, place: result.place, row: rowOf(result) };
}

/** Throws for what no result can be: that is a bug of the caller's. */
function rowOf({ dueAtMs, lateMs, durationMs, status, attempts, reasons, observation }: Result): Row {
  const row: Row = {
    dueMs: Math.round(dueAtMs),
    lateUs: Math.round(lateMs * 1000),
    durationUs: Math.max(0, Math.round(durationMs * 1000)),
    status,
    attempts,
    reasons: reasons.length === 0 ? '' : JSON.stringify(reasons),
    digest: observation === undefined ? undefined : digestOf(observation),
  };
  for (const key of ['dueMs', 'lateUs', 'durationUs', 'attempts'] as const) {
    if (!Number.isSafeInteger(row[key]) || Math.abs(row[key]) > 2 ** 51) throw new RangeError(`${key} of a result is ${String(row[key])}`);
  }
  if (row.dueMs < 0 || row.attempts < 0) throw new RangeError('a result was due before 1970, or never tried');
  return row;
}

/** Of a whole digest, or of what a store has kept of one. */
function digestOf(observation: string): Uint8Array {
  const isWhole = observation.length === 64 || observation.length === 2 * digestBytes;
  // Where something is not hex, decoding ends.
  const digest = Buffer.from(observation.slice(0, 2 * digestBytes), 'hex');
  if (isWhole && digest.length === digestBytes) return digest;
  throw new RangeError('the observation of a result is no digest');
}

export function resultOf({ dueMs, lateUs, durationUs, status, attempts, reasons, digest }: Row, check: string, place: string): Result {
  return {
    check,
    place,
    dueAtMs: dueMs,
    lateMs: lateUs / 1000,
    durationMs: durationUs / 1000,
    status,
    reasons: reasons === '' ? [] : (JSON.parse(reasons) as string[]),
    attempts,
    observation: digest === undefined ? undefined : hexOf(digest),
  };
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

/** What a rollup counts of a row. */
export function countedOf({ status, durationUs }: Pick<Row, 'status' | 'durationUs'>): {
  readonly status: Outcome['status'];
  readonly bucket: number;
} {
  return { status, bucket: bucketOf(durationUs) };
}
