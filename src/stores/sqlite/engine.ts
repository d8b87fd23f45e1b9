import type { Result } from '../../check/result.ts';
import { hourMs } from '../../store/rollup.ts';
import type { Retention, Span, Summary } from '../../store/store.ts';
import { openDatabase, type Database } from './database.ts';
import { keyOf, seriesOf, unitOf } from './keys.ts';
import { packRows } from './pack.ts';
import { addRecent, recentCounts, takeRecent } from './recent.ts';
import { latestResults, pagesOf } from './results.ts';
import { retainSteps, type Taken } from './retain.ts';
import type { Entry, Row } from './row.ts';
import { checkedVersion, emptyFile, migrate } from './schema.ts';
import { holdFile } from './hold-file.ts';
import { openSeries } from './series.ts';
import { summarise } from './summaries.ts';

/** The store's work, each piece at once and of a few milliseconds: whoever drives it does something else in between. */
export interface Engine {
  /** In one transaction, on the disk when it returns. */
  add(entries: Iterable<Entry>): void;
  /** Packs some of the newest rows; false when there are none to be packed yet. */
  pack(): boolean;
  /** The results in the order of time, some at a time; the engine may do other things in between. */
  pages(query: Query): Generator<readonly Result[], undefined>;
  latest(check: string, count: number): readonly Result[];
  summaries(span: Span, check?: string): readonly Summary[];
  retain(retention: Retention, nowMs: number): Generator<Taken, Taken>;
  close(): void;
}

type Query = Span & {
  readonly check?: string | undefined;
  readonly place?: string | undefined;
};

/** So many rows of one hour are worth a block: fewer would be packed again too often. */
const packFrom = 32;
const groupsInStep = 64;

/** SQLite syncs the log with every commit (FULL): what was acknowledged survives a loss of power, not only of the process. */
const settings = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -4096';

/** Only while a file is new; packed rows of an hour are one or two KB, of which several should be on a page. */
const layout = 'PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL';

interface How {
  readonly readOnly?: boolean | undefined;
  readonly maxBytes?: number | undefined;
}

export function openEngine(file: string, { readOnly = false, maxBytes }: How = {}): Engine {
  const database = openDatabase(file, { readOnly });
  try {
    const version = checkedVersion(file, database);
    if (readOnly) {
      if (version === 0) throw emptyFile(file);
    } else {
      database.execute(`${layout}; ${settings}`);
      migrate(file, database);
      if (maxBytes !== undefined) limit(database, maxBytes);
    }
    const isThere = holdFile(file);
    const engine = engineOf(database);
    return {
      ...engine,
      add: (entries) => {
        isThere();
        engine.add(entries);
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function limit(database: Database, maxBytes: number): void {
  const pageSize = database.get<[number]>('PRAGMA page_size')?.[0] ?? 1;
  database.execute(`PRAGMA max_page_count = ${String(Math.ceil(maxBytes / pageSize))}`);
}

function engineOf(database: Database): Engine {
  const series = openSeries(database);
  let waiting = recentCounts(database);
  let newestHour = Math.max(0, ...[...waiting.keys()].map(unitOf));

  const writing = <Value>(work: () => Value): Value => {
    try {
      return database.writing(work);
    } catch (error) {
      series.forget();
      throw error;
    }
  };

  const groupsOf = (entries: Iterable<Entry>): Map<number, Row[]> => {
    const groups = new Map<number, Row[]>();
    for (const { check, place, row } of entries) {
      const key = keyOf(Math.floor(row.dueMs / hourMs), series.id(check, place));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
    return groups;
  };

  const add = (entries: Iterable<Entry>): void => {
    const groups = writing(() => {
      const all = groupsOf(entries);
      const dense = new Map([...all].filter(([, rows]) => rows.length >= packFrom));
      if (dense.size > 0) packRows(database, dense);
      const sparse = [...all].filter(([key]) => !dense.has(key));
      for (const [key, rows] of sparse) for (const row of rows) addRecent(database, seriesOf(key), row);
      return sparse;
    });
    for (const [key, rows] of groups) {
      waiting.set(key, (waiting.get(key) ?? 0) + rows.length);
      newestHour = Math.max(newestHour, unitOf(key));
    }
  };

  const packGroups = (keys: readonly number[]): number => {
    const packed = writing(() => {
      const groups = new Map(keys.map((key) => [key, takeRecent(database, key)]));
      packRows(database, new Map([...groups].filter(([, rows]) => rows.length > 0)));
      return [...groups.values()].reduce((sum, rows) => sum + rows.length, 0);
    });
    for (const key of keys) waiting.delete(key);
    return packed;
  };

  return {
    add,
    pack: () => {
      // An hour is over when the next but one has begun: what is late is mostly late by minutes.
      const due = [...waiting].filter(([key, rows]) => rows >= packFrom || unitOf(key) < newestHour - 1);
      if (due.length === 0) return false;
      packGroups(due.slice(0, groupsInStep).map(([key]) => key));
      return due.length > groupsInStep;
    },
    pages: (query) => pagesOf(database, query, series.find(query.check, query.place)),
    latest: (check, count) => latestResults(database, series.find(check), count),
    summaries: (span, check) => database.reading(() => summarise(database, span, series.find(check))),
    retain: (retention, nowMs) =>
      retainSteps(database, {
        retention,
        nowMs,
        packOld: (beforeHour) => {
          waiting = recentCounts(database);
          return packGroups([...waiting.keys()].filter((key) => unitOf(key) < beforeHour));
        },
      }),
    close: () => database.close(),
  };
}
