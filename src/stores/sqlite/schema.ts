import { Fault } from '../../base/fault.ts';
import type { Database } from './database.ts';

/** "lprf": how `file` and we know a store from any other SQLite file. */
const applicationId = 0x6c_70_72_66;

/**
 * The steps from one version of the schema to the next; a step that has been released never changes.
 * Keys of packed rows are `unit * 2^20 + series`, the unit an hour (block, minutes), a day (hours) or a fortnight (days, fortnights) since the epoch: in the order
 * of time, so that new rows come last and old ones go in one piece.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL, place TEXT NOT NULL, UNIQUE (name, place));
   CREATE TABLE recent (
     id INTEGER PRIMARY KEY, series INTEGER NOT NULL, due_ms INTEGER NOT NULL, late_us INTEGER NOT NULL, duration_us INTEGER NOT NULL,
     status TEXT NOT NULL, attempts INTEGER NOT NULL, reasons TEXT NOT NULL, digest BLOB);
   CREATE INDEX recent_by_time ON recent (series, due_ms);
   CREATE TABLE block (key INTEGER PRIMARY KEY, rows INTEGER NOT NULL, data BLOB NOT NULL);
   CREATE TABLE minutes (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
   CREATE TABLE hours (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
   CREATE TABLE days (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
   CREATE TABLE fortnights (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
   CREATE TABLE horizon (detail_from_hour INTEGER NOT NULL, rollups_from_fortnight INTEGER NOT NULL);
   INSERT INTO horizon VALUES (0, 0);`,
];

/** Brings a file to the newest version, in one transaction for each step. A file of a newer liveproof is refused as it is. */
export function migrate(file: string, database: Database, steps: readonly string[] = migrations): void {
  for (;;) {
    const version = checkedVersion(file, database, steps.length);
    if (version === steps.length) return;
    database.writing(() => {
      // Another process may have done it since.
      if (versionOf(database) !== version) return;
      database.execute(steps[version] ?? '');
      database.execute(`PRAGMA user_version = ${String(version + 1)}; PRAGMA application_id = ${String(applicationId)}`);
    });
  }
}

/** Throws a Fault when the file is not a store that this liveproof can use. */
export function checkedVersion(file: string, database: Database, newest: number = migrations.length): number {
  const version = versionOf(database);
  if (version > 0 && idOf(database) !== applicationId) throw foreign(file);
  if (version === 0 && (database.get<[number]>('SELECT count(*) FROM sqlite_schema')?.[0] ?? 0) > 0) throw foreign(file);
  if (version <= newest) return version;
  throw new Fault('store/newer', `the store ${file} was written by a newer liveproof (version ${String(version)} of its tables)`, {
    hint: `this liveproof knows version ${String(newest)}: use the newer one, or another file`,
  });
}

function versionOf(database: Database): number {
  return database.get<[number]>('PRAGMA user_version')?.[0] ?? 0;
}

function idOf(database: Database): number {
  return database.get<[number]>('PRAGMA application_id')?.[0] ?? 0;
}

function foreign(file: string): Fault {
  return new Fault('store/unreadable', `${file} is no store: it is a SQLite file of something else`, { hint: 'name another file' });
}

/** SQLite takes it for a database without tables, which whoever only reads cannot make. */
export function emptyFile(file: string): Fault {
  return new Fault('store/unreadable', `${file} is no liveproof store: it is empty`, { hint: 'name the file of a store' });
}
