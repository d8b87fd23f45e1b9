import { nextHorizon, type Horizon } from '../../store/retention.ts';
import type { Retention } from '../../store/store.ts';
import type { Database } from './database.ts';
import { horizonOf, setHorizon } from './horizon.ts';
import { daysInFortnight, hoursInDay, keyOf } from './keys.ts';

/** How many rows one step takes away, and how many pages one moves: some milliseconds of work each. */
const rowsInStep = 200;
const pagesInStep = 64;

export interface Taken {
  readonly results: number;
  readonly bytes: number;
}

interface Task {
  readonly retention: Retention;
  readonly nowMs: number;
  /** Packs what is left of the time before that hour, and returns how many results that were. */
  packOld(beforeHour: number): number;
}

/** Yields between transactions what it has taken away so far, so that whoever drives it lets others write, or stops. */
export function* retainSteps(database: Database, { retention, nowMs, packOld }: Task): Generator<Taken, Taken> {
  const before = bytesOf(database);
  const horizon = database.writing(() => {
    const next = nextHorizon(horizonOf(database), retention, nowMs);
    setHorizon(database, next);
    return next;
  });
  let results = packOld(horizon.detailFromHour);
  const taken = (): Taken => ({ results, bytes: Math.max(0, before - bytesOf(database)) });
  yield taken();
  for (let gone = 1; gone > 0; results += gone) {
    gone = database.writing(() => takeBlocks(database, horizon));
    yield taken();
  }
  for (const step of [takeRollups(database, horizon), giveBack(database)]) {
    for (const _ of step) yield taken();
  }
  return taken();
}

function* takeRollups(database: Database, { rollupsFromFortnight }: Horizon): Generator<void> {
  const day = rollupsFromFortnight * daysInFortnight;
  const ends = { minutes: day * hoursInDay, hours: day, days: rollupsFromFortnight, fortnights: rollupsFromFortnight };
  for (const [table, end] of Object.entries(ends)) {
    const sql = `DELETE FROM ${table} WHERE key IN (SELECT key FROM ${table} WHERE key < ? ORDER BY key LIMIT ?)`;
    while (database.run(sql, keyOf(end, 0), rowsInStep) > 0) yield;
  }
}

/** Returns how many results stood in the blocks that it took away. */
function takeBlocks(database: Database, { detailFromHour }: Horizon): number {
  const end = keyOf(detailFromHour, 0);
  const sql = 'SELECT max(key), sum(rows) FROM (SELECT key, rows FROM block WHERE key < ? ORDER BY key LIMIT ?)';
  const [last, rows] = database.get<[number | null, number | null]>(sql, end, rowsInStep) ?? [null, null];
  if (last === null) return 0;
  database.run('DELETE FROM block WHERE key <= ?', last);
  return rows ?? 0;
}

/** Moves pages from the end of the file to where room has become free, and cuts the file off. */
function* giveBack(database: Database): Generator<void> {
  const free = (): number => database.get<[number]>('PRAGMA freelist_count')?.[0] ?? 0;
  for (let left = free(); left > 0;) {
    database.execute(`PRAGMA incremental_vacuum(${String(pagesInStep)})`);
    yield;
    const now = free();
    // A file that another reader holds back does not become smaller now; the next time it may.
    if (now >= left) break;
    left = now;
  }
  database.execute('PRAGMA wal_checkpoint(TRUNCATE)');
}

function bytesOf(database: Database): number {
  const pages = database.get<[number]>('PRAGMA page_count')?.[0] ?? 0;
  return pages * (database.get<[number]>('PRAGMA page_size')?.[0] ?? 0);
}
