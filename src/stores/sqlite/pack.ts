import { hourMs, merge, minuteMs, rollUp, type Rollup } from '../../store/rollup.ts';
import { encodeBlock, rowsOf } from './block.ts';
import type { Database } from './database.ts';
import { daysInFortnight, hoursInDay, keyOf, minutesInHour, seriesOf, unitOf } from './keys.ts';
import { horizonOf } from './horizon.ts';
import { countedOf, type Row } from './row.ts';
import { decodeSlots, encodeSlots, mergeSlots, type Slots } from './slots.ts';

/** Rows by hour and series (keyOf). */
export type Groups = ReadonlyMap<number, readonly Row[]>;

/**
 * Adds rows to their blocks and to all of their rollups, within the transaction that runs. Rollups count exactly what has been packed: it
 * makes no difference in which order rows come, or how late.
 */
export function packRows(database: Database, groups: Groups): void {
  const horizon = horizonOf(database);
  const hours = new Map<number, Map<number, Rollup>>();
  const days = new Map<number, Map<number, Rollup>>();
  for (const [key, rows] of groups) {
    const [hour, series] = [unitOf(key), seriesOf(key)];
    const day = Math.floor(hour / hoursInDay);
    if (day < horizon.rollupsFromFortnight * daysInFortnight) continue;
    if (hour >= horizon.detailFromHour) addToBlock(database, key, rows);
    const byMinute = Map.groupBy(rows, ({ dueMs }) => Math.floor(dueMs / minuteMs) % minutesInHour);
    addSlots(database, 'minutes', key, new Map([...byMinute].map(([minute, some]) => [minute, rollUp(some.map(countedOf))])));
    const inHour = new Map([[hour % hoursInDay, rollUp(rows.map(countedOf))]]);
    collect(hours, keyOf(day, series), inHour);
  }
  for (const [key, slots] of hours) {
    addSlots(database, 'hours', key, slots);
    const day = unitOf(key);
    collect(days, keyOf(Math.floor(day / daysInFortnight), seriesOf(key)), new Map([[day % daysInFortnight, total(slots)]]));
  }
  for (const [key, slots] of days) {
    addSlots(database, 'days', key, slots);
    addSlots(database, 'fortnights', key, new Map([[0, total(slots)]]));
  }
}

const tables = {
  minutes: { read: 'SELECT data FROM minutes WHERE key = ?', write: 'INSERT OR REPLACE INTO minutes VALUES (?, ?)' },
  hours: { read: 'SELECT data FROM hours WHERE key = ?', write: 'INSERT OR REPLACE INTO hours VALUES (?, ?)' },
  fortnights: { read: 'SELECT data FROM fortnights WHERE key = ?', write: 'INSERT OR REPLACE INTO fortnights VALUES (?, ?)' },
  days: { read: 'SELECT data FROM days WHERE key = ?', write: 'INSERT OR REPLACE INTO days VALUES (?, ?)' },
};

function total(slots: Slots): Rollup {
  return [...slots.values()].reduce((a, b) => merge(a, b));
}

function addSlots(database: Database, table: keyof typeof tables, key: number, slots: Slots): void {
  const packed = database.get<[Uint8Array]>(tables[table].read, key)?.[0];
  database.run(tables[table].write, key, encodeSlots(packed === undefined ? slots : mergeSlots(decodeSlots(packed), slots)));
}

function addToBlock(database: Database, key: number, rows: readonly Row[]): void {
  const startMs = unitOf(key) * hourMs;
  const packed = database.get<[Uint8Array]>('SELECT data FROM block WHERE key = ?', key)?.[0];
  const all = packed === undefined ? rows : [...rowsOf(packed, startMs), ...rows];
  const inOrder = all.toSorted((a, b) => a.dueMs - b.dueMs);
  database.run('INSERT OR REPLACE INTO block VALUES (?, ?, ?)', key, inOrder.length, encodeBlock(inOrder, startMs));
}

function collect(into: Map<number, Map<number, Rollup>>, key: number, slots: Slots): void {
  into.set(key, new Map(mergeSlots(into.get(key) ?? new Map<number, Rollup>(), slots)));
}
