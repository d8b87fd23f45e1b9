import { hourMs } from '../../store/rollup.ts';
import type { Span } from '../../store/store.ts';
import type { Database } from './database.ts';
import { keyOf, seriesOf, unitOf } from './keys.ts';
import type { Row } from './row.ts';

/*
 * The newest results stand row by row, until there are enough of an hour to be packed.
 */
const columns = 'due_ms, late_us, duration_us, status, attempts, reasons, digest';
type Columns = [number, number, number, Row['status'], number, string, Uint8Array | null];

export function addRecent(database: Database, series: number, row: Row): void {
  database.run(
    `INSERT INTO recent (series, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    series,
    row.dueMs,
    row.lateUs,
    row.durationUs,
    row.status,
    row.attempts,
    row.reasons,
    row.digest ?? null,
  );
}

/** One series' rows within the span, in the order of time. */
export function recentRows(database: Database, series: number, { fromMs, toMs }: Span): readonly Row[] {
  const sql = `SELECT ${columns} FROM recent WHERE series = ? AND due_ms >= ? AND due_ms < ? ORDER BY due_ms, id`;
  return database.all<Columns>(sql, series, fromMs, toMs).map(rowOfColumns);
}

/** The series that have rows within the span. */
export function recentSeries(database: Database, { fromMs, toMs }: Span): readonly number[] {
  const sql = 'SELECT DISTINCT series FROM recent WHERE due_ms >= ? AND due_ms < ? ORDER BY series';
  return database.all<[number]>(sql, fromMs, toMs).map(([series]) => series);
}

/** One series' last rows, newest first. */
export function newestRecent(database: Database, series: number, count: number): readonly Row[] {
  const sql = `SELECT ${columns} FROM recent WHERE series = ? ORDER BY due_ms DESC, id DESC LIMIT ?`;
  return database.all<Columns>(sql, series, count).map(rowOfColumns);
}

/** Takes one hour of a series away and returns it. */
export function takeRecent(database: Database, key: number): readonly Row[] {
  const fromMs = unitOf(key) * hourMs;
  const rows = recentRows(database, seriesOf(key), { fromMs, toMs: fromMs + hourMs });
  database.run('DELETE FROM recent WHERE series = ? AND due_ms >= ? AND due_ms < ?', seriesOf(key), fromMs, fromMs + hourMs);
  return rows;
}

/** How many there are of each hour and series (keyOf). */
export function recentCounts(database: Database): Map<number, number> {
  const counted = database.all<[number, number, number]>(
    `SELECT series, due_ms / ${String(hourMs)} AS hour, count(*) FROM recent GROUP BY series, hour`,
  );
  return new Map(counted.map(([series, hour, count]) => [keyOf(hour, series), count]));
}

function rowOfColumns([dueMs, lateUs, durationUs, status, attempts, reasons, digest]: Columns): Row {
  return { dueMs, lateUs, durationUs, status, attempts, reasons, digest: digest ?? undefined };
}
