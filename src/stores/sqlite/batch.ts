import { byteReader, byteWriter } from './bytes.ts';
import { digestBytes, statuses, type Entry } from './row.ts';

/** Results on their way to the thread, packed: copying them as objects would take longer than storing them. */
export interface Batch {
  readonly count: number;
  /** Checks and places, each once. */
  readonly series: readonly (readonly [check: string, place: string])[];
  /** As JSON, each once; the first stands for none. */
  readonly reasons: readonly string[];
  readonly rows: Uint8Array<ArrayBuffer>;
}

const hasDigest = 4;
const reasonsFrom = 8;

export function encodeBatch(entries: readonly Entry[]): Batch {
  const series: (readonly [string, string])[] = [];
  const numbers = new Map<string, Map<string, number>>();
  const reasons = new Map([['', 0]]);
  const writer = byteWriter();
  for (const { check, place, row } of entries) {
    const places = numbers.get(check) ?? new Map<string, number>();
    let number = places.get(place);
    if (number === undefined) {
      number = series.push([check, place]) - 1;
      numbers.set(check, places.set(place, number));
    }
    if (!reasons.has(row.reasons)) reasons.set(row.reasons, reasons.size);
    writer.number(number);
    writer.number(
      statuses.indexOf(row.status) + (row.digest === undefined ? 0 : hasDigest) + (reasons.get(row.reasons) ?? 0) * reasonsFrom,
    );
    writer.number(row.dueMs);
    writer.number(row.durationUs);
    writer.number(row.attempts);
    writer.signed(row.lateUs);
    if (row.digest !== undefined) writer.bytes(row.digest);
  }
  return { count: entries.length, series, reasons: [...reasons.keys()], rows: writer.done() };
}

export function* entriesOf({ count, series, reasons, rows }: Batch): Generator<Entry> {
  const reader = byteReader(rows);
  for (let left = count; left > 0; left--) {
    const [check, place] = series[reader.number()] ?? ['', ''];
    const flags = reader.number();
    const row = {
      dueMs: reader.number(),
      durationUs: reader.number(),
      attempts: reader.number(),
      lateUs: reader.signed(),
      status: statuses[flags & 3] ?? 'error',
      reasons: reasons[Math.floor(flags / reasonsFrom)] ?? '',
      digest: (flags & hasDigest) === 0 ? undefined : reader.bytes(digestBytes),
    };
    yield { check, place, row };
  }
}
