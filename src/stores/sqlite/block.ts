import { bucketOf } from '../../store/histogram.ts';
import { count, type Tally } from '../../store/rollup.ts';
import type { Span } from '../../store/store.ts';
import { byteReader, byteWriter, type ByteReader } from './bytes.ts';
import { digestBytes, statuses, type Row } from './row.ts';

/*
 * The rows of one hour, column after column, because what is alike stands together then: times are second differences (nothing but zeros for
 * a steady check), flags and attempts are runs, reasons are kept once.
 * count · length of each column but the last · reasons, flags, times, durations, attempts, lates, digests
 */
const hasDigest = 4;
const reasonsFrom = 8;

/** `rows` in the order of time. */
export function encodeBlock(rows: readonly Row[], startMs: number): Uint8Array {
  const reasons = new Map([['', 0]]);
  for (const row of rows) if (!reasons.has(row.reasons)) reasons.set(row.reasons, reasons.size);
  const columns = [
    reasons.size === 1 ? new Uint8Array() : Buffer.from(JSON.stringify([...reasons.keys()].slice(1))),
    runs(rows.map((row) => flagsOf(row, reasons.get(row.reasons) ?? 0))),
    times(rows, startMs),
    numbers(rows.map(({ durationUs }) => durationUs)),
    runs(rows.map(({ attempts }) => attempts)),
    numbers(rows.map(({ lateUs }) => (lateUs < 0 ? -2 * lateUs - 1 : 2 * lateUs))),
  ];
  const writer = byteWriter();
  writer.number(rows.length);
  for (const column of columns) writer.number(column.length);
  for (const column of columns) writer.bytes(column);
  for (const { digest } of rows) if (digest !== undefined) writer.bytes(digest);
  return writer.done();
}

function flagsOf({ status, digest }: Row, reasons: number): number {
  return statuses.indexOf(status) + (digest === undefined ? 0 : hasDigest) + reasons * reasonsFrom;
}

function runs(values: readonly number[]): Uint8Array {
  const writer = byteWriter();
  for (let at = 0; at < values.length;) {
    let end = at + 1;
    while (end < values.length && values[end] === values[at]) end++;
    writer.number(values[at] ?? 0);
    writer.number(end - at);
    at = end;
  }
  return writer.done();
}

function numbers(values: readonly number[]): Uint8Array {
  const writer = byteWriter();
  for (const value of values) writer.number(value);
  return writer.done();
}

function times(rows: readonly Row[], startMs: number): Uint8Array {
  const writer = byteWriter();
  let last = startMs;
  let step = 0;
  for (const { dueMs } of rows) {
    writer.signed(dueMs - last - step);
    step = dueMs - last;
    last = dueMs;
  }
  return writer.done();
}

/** The rows one by one, in the order of time: nothing is unpacked before it is asked for. */
export function* rowsOf(block: Uint8Array, startMs: number): Generator<Row> {
  const columns = columnsOf(block);
  const reasons = reasonsOf(columns.reasons);
  const flagsAt = runReader(columns.flags);
  const attemptsAt = runReader(columns.attempts);
  const dueAt = timeReader(columns.times, startMs);
  const durations = byteReader(columns.durations);
  const lates = byteReader(columns.lates);
  const digests = byteReader(columns.digests);
  for (let row = 0; row < columns.count; row++) {
    const flags = flagsAt();
    yield {
      dueMs: dueAt(),
      lateUs: lates.signed(),
      durationUs: durations.number(),
      status: statusOf(flags),
      attempts: attemptsAt(),
      reasons: reasons[Math.floor(flags / reasonsFrom)] ?? '',
      digest: (flags & hasDigest) === 0 ? undefined : digests.bytes(digestBytes),
    };
  }
}

/** Counts the rows within the span. */
export function countBlock(block: Uint8Array, startMs: number, { fromMs, toMs }: Span, tally: Tally): void {
  const columns = columnsOf(block);
  const flagsAt = runReader(columns.flags);
  const dueAt = timeReader(columns.times, startMs);
  const durations = byteReader(columns.durations);
  for (let row = 0; row < columns.count; row++) {
    const dueMs = dueAt();
    if (dueMs >= toMs) return;
    const status = statusOf(flagsAt());
    const durationUs = durations.number();
    if (dueMs >= fromMs) count(tally, status, bucketOf(durationUs));
  }
}

function columnsOf(block: Uint8Array) {
  const reader = byteReader(block);
  const rows = reader.number();
  const lengths = Array.from({ length: 6 }, () => reader.number());
  const [reasons, flags, due, durations, attempts, lates] = lengths.map((length) => reader.bytes(length));
  const none = new Uint8Array();
  return {
    count: rows,
    reasons: reasons ?? none,
    flags: flags ?? none,
    times: due ?? none,
    durations: durations ?? none,
    attempts: attempts ?? none,
    lates: lates ?? none,
    digests: reader.rest(),
  };
}

function reasonsOf(column: Uint8Array): readonly string[] {
  return column.length === 0 ? [''] : ['', ...(JSON.parse(Buffer.from(column).toString()) as string[])];
}

function statusOf(flags: number): Row['status'] {
  return statuses[flags & 3] ?? 'error';
}

function runReader(column: Uint8Array): () => number {
  const reader: ByteReader = byteReader(column);
  let value = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      value = reader.number();
      left = reader.number();
    }
    left--;
    return value;
  };
}

function timeReader(column: Uint8Array, startMs: number): () => number {
  const reader = byteReader(column);
  let last = startMs;
  let step = 0;
  return () => {
    step += reader.signed();
    last += step;
    return last;
  };
}
