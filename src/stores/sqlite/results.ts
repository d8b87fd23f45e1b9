import type { Result } from '../../check/result.ts';
import { hourMs } from '../../store/rollup.ts';
import type { Span } from '../../store/store.ts';
import { rowsOf } from './block.ts';
import type { Database } from './database.ts';
import { decodeSlots } from './slots.ts';
import { hoursInDay, keyOf, seriesOf, unitOf } from './keys.ts';
import { rowsInOrder } from './rows-in-order.ts';
import { newestRecent, recentRows, recentSeries } from './recent.ts';
import { resultOf, type Row } from './row.ts';
import type { Series } from './series.ts';

/** The first hour that has results, from this one on; undefined when there are none. */
function nextHour(database: Database, fromHour: number): number | undefined {
  const packed = lone(database, 'SELECT min(key) FROM block WHERE key >= ?', keyOf(fromHour, 0));
  const recent = lone(database, 'SELECT min(due_ms) FROM recent WHERE due_ms >= ?', fromHour * hourMs);
  if (packed === undefined || recent === undefined) {
    return packed === undefined ? recent && Math.floor(recent / hourMs) : unitOf(packed);
  }
  return Math.min(unitOf(packed), Math.floor(recent / hourMs));
}

/** So many results are handed over at once. */
const pageSize = 1_000;

/** Pages of results in the order of time. What comes in while somebody reads may be among them, and is read at most once. */
export function* pagesOf(database: Database, span: Span, series: readonly Series[]): Generator<readonly Result[], undefined> {
  let page: Result[] = [];
  for (let from = Math.floor(span.fromMs / hourMs); ; from++) {
    const hour = nextHour(database, from);
    if (hour === undefined || hour * hourMs >= span.toMs) break;
    for (const result of resultsOfHour(database, hour, span, series)) {
      if (page.push(result) < pageSize) continue;
      yield page;
      page = [];
    }
    from = hour;
  }
  if (page.length > 0) yield page;
  return undefined;
}

/** The results of one hour within the span, in the order of time. What they are made of is read at once; they are unpacked one by one. */
function resultsOfHour(database: Database, hour: number, span: Span, series: readonly Series[]): Iterable<Result> {
  const startMs = hour * hourMs;
  const within = { fromMs: Math.max(span.fromMs, startMs), toMs: Math.min(span.toMs, startMs + hourMs) };
  const bySeries = new Map(series.map((each) => [each.id, each]));
  const sources = database.reading(() => {
    const packed = blocksOf(database, hour, series).map(([key, data]) => ({ series: seriesOf(key), rows: rowsOf(data, startMs) }));
    const recent = recentSeries(database, within).map((id) => ({ series: id, rows: recentRows(database, id, within).values() }));
    return [...packed, ...recent].flatMap(({ series: id, rows }) => {
      const of = bySeries.get(id);
      return of === undefined ? [] : [{ of, rows }];
    });
  });
  return rowsInOrder(sources, within);
}

/** For some series one by one: the blocks of all others need not be read. */
function blocksOf(database: Database, hour: number, series: readonly Series[]): readonly (readonly [number, Uint8Array])[] {
  const sql = 'SELECT key, data FROM block WHERE key >= ? AND key < ?';
  if (series.length > 16) return database.all<[number, Uint8Array]>(sql, keyOf(hour, 0), keyOf(hour + 1, 0));
  return series.flatMap(({ id }) => database.all<[number, Uint8Array]>(sql, keyOf(hour, id), keyOf(hour, id) + 1));
}

/** The last results of some series, newest first. */
export function latestResults(database: Database, series: readonly Series[], count: number): readonly Result[] {
  const found = database.reading(() => series.flatMap((of) => newestRows(database, of.id, count).map((row) => ({ row, of }))));
  const newest = found.toSorted((a, b) => b.row.dueMs - a.row.dueMs).slice(0, count);
  return newest.map(({ row, of }) => resultOf(row, of.check, of.place));
}

function newestRows(database: Database, series: number, count: number): readonly Row[] {
  const recent = newestRecent(database, series, count);
  const packed: Row[] = [];
  for (const hour of hoursBackwards(database, series)) {
    const floorMs = recent.at(-1)?.dueMs ?? 0;
    // Older than the last of enough recent ones: nothing before can be among the newest.
    if (recent.length >= count && (hour + 1) * hourMs <= floorMs) break;
    const data = database.get<[Uint8Array]>('SELECT data FROM block WHERE key = ?', keyOf(hour, series))?.[0];
    if (data !== undefined) packed.push(...[...rowsOf(data, hour * hourMs)].toReversed());
    if (packed.length >= count) break;
  }
  return [...recent, ...packed].toSorted((a, b) => b.dueMs - a.dueMs).slice(0, count);
}

/** The hours of a series that have been packed, newest first. */
function* hoursBackwards(database: Database, series: number): Generator<number> {
  const firstKey = lone(database, 'SELECT min(key) FROM hours');
  const lastKey = lone(database, 'SELECT max(key) FROM hours');
  if (firstKey === undefined || lastKey === undefined) return;
  for (let day = unitOf(lastKey); day >= unitOf(firstKey); day--) {
    const data = database.get<[Uint8Array]>('SELECT data FROM hours WHERE key = ?', keyOf(day, series))?.[0];
    if (data === undefined) continue;
    for (const hour of [...decodeSlots(data).keys()].toReversed()) yield day * hoursInDay + hour;
  }
}

/** The one number that a query gives, if there is one. */
function lone(database: Database, sql: string, ...values: readonly number[]): number | undefined {
  return database.get<[number | null]>(sql, ...values)?.[0] ?? undefined;
}
