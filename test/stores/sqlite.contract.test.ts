import { open as openFile, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/check/result.ts';
import { dayMs, fortnightMs, hourMs, minuteMs } from '../../src/store/rollup.ts';
import type { Store } from '../../src/store/store.ts';
import sqlite from '../../src/stores/sqlite.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { migrate, migrations } from '../../src/stores/sqlite/schema.ts';
import { createTempFolder, type TempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { aResult, kept, plainSummaries, startMs } from './plain.ts';

const everything = { fromMs: 0, toMs: startMs + 1000 * dayMs };
const allOf = (store: Store): Promise<readonly Result[]> => Array.fromAsync(store.results(everything));
const fileIn = (folder: TempFolder): string => path.join(folder.path, 'results.db');
const openStore = (file: string, how = {}): Promise<Store> => sqlite.open(sqlite.options.parse({ file, ...how }));

/** Asks SQLite itself, beside the store. */
function ask(file: string, sql: string): void {
  const connection = new DatabaseSync(file);
  connection.exec(sql);
  connection.close();
}

/** So many results of one check, a minute apart. */
function minutes(count: number, fromMs = startMs, its: Partial<Result> = {}): readonly Result[] {
  return Array.from({ length: count }, (_, minute) =>
    aResult({ dueAtMs: fromMs + minute * minuteMs, durationMs: 100 + (minute % 50), ...its }),
  );
}

describe('a store that is in trouble says so, and loses nothing that was acknowledged', () => {
  it('when it is full; it goes on when there is room again', async () => {
    await using folder = await createTempFolder('store');
    await using store = await openStore(fileIn(folder), { maxBytes: 1_048_576 });
    const acknowledged: Result[] = [];
    const fill = async (): Promise<unknown> => {
      for (let day = 0; day < 100; day++) {
        const batch = minutes(1440, startMs + day * dayMs);
        try {
          await store.add(batch);
        } catch (error) {
          return error;
        }
        acknowledged.push(...batch);
      }
      return 'never full';
    };
    expect(await fill()).toMatchObject({
      code: 'store/full',
      message: `the store ${fileIn(folder)} has no more room on its disk (SQLite: database or disk is full)`,
      hint: 'nothing that was acknowledged is lost: make room, or keep results for a shorter time',
    });
    expect(acknowledged.length).toBeGreaterThan(10_000);
    expect(await allOf(store)).toEqual(kept(acknowledged));
    expect(await store.summaries(everything)).toEqual(plainSummaries(acknowledged, everything));
    await store.retain({ detailedMs: dayMs, rolledUpMs: 365 * dayMs }, startMs + 60 * dayMs);
    const more = aResult({ dueAtMs: startMs + 60 * dayMs });
    await store.add([more]);
    expect(await store.latest('a check', 1)).toEqual(kept([more]));
  });

  it('when another process holds it; it goes on when that has let go', async () => {
    await using folder = await createTempFolder('store');
    await using store = await openStore(fileIn(folder));
    const [first, second, third] = minutes(3) as [Result, Result, Result];
    await store.add([first]);
    const other = new DatabaseSync(fileIn(folder));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.add([second])).rejects.toMatchObject({
      code: 'store/locked',
      message: `the store ${fileIn(folder)} is in use by another process (SQLite: database is locked)`,
      hint: 'end that process, or name another file',
    });
    expect(await allOf(store)).toEqual(kept([first]));
    other.exec('COMMIT');
    other.close();
    await store.add([third]);
    expect(await allOf(store)).toEqual(kept([first, third]));
  });

  it('when its file is taken away or replaced; it goes on when that is put back', async () => {
    await using folder = await createTempFolder('store');
    await using store = await openStore(fileIn(folder));
    const [first, second, third] = minutes(3) as [Result, Result, Result];
    await store.add([first]);
    const elsewhere = path.join(folder.path, 'elsewhere.db');
    await rename(fileIn(folder), elsewhere);
    const gone = { code: 'store/unwritable', message: `the store ${fileIn(folder)} was taken away or replaced while it was in use` };
    await expect(store.add([second])).rejects.toMatchObject(gone);
    await writeFile(fileIn(folder), '');
    await expect(store.add([second])).rejects.toMatchObject(gone);
    await rename(elsewhere, fileIn(folder));
    await store.add([third]);
    expect(await allOf(store)).toEqual(kept([first, third]));
  });

  it('when it may only be read', async () => {
    await using folder = await createTempFolder('store');
    const [first, second] = minutes(2) as [Result, Result];
    await using writer = await openStore(fileIn(folder));
    await writer.add([first]);
    await using store = await sqlite.open({ file: fileIn(folder) }, { readOnly: true });
    await expect(store.add([second])).rejects.toMatchObject({
      code: 'store/unwritable',
      message: `the store ${fileIn(folder)} is read-only (SQLite: attempt to write a readonly database)`,
    });
    expect(await allOf(store)).toEqual(kept([first]));
  });

  it('when its file is no SQLite file, or one of something else: that file stays as it is', async () => {
    await using folder = await createTempFolder('store');
    const notes = path.join(folder.path, 'notes.txt');
    await writeFile(notes, 'my notes '.repeat(1000));
    await expect(openStore(notes)).rejects.toMatchObject({
      code: 'store/unreadable',
      message: `the store ${notes} is no store: it is not even a SQLite file (SQLite: file is not a database)`,
    });
    expect(await readFile(notes, 'utf8')).toBe('my notes '.repeat(1000));
    const shop = path.join(folder.path, 'shop.db');
    ask(shop, 'CREATE TABLE orders (id INTEGER)');
    const before = await readFile(shop);
    await expect(openStore(shop)).rejects.toMatchObject({
      code: 'store/unreadable',
      message: `${shop} is no store: it is a SQLite file of something else`,
    });
    expect(await readFile(shop)).toEqual(before);
  });

  it('when its folder is not there', async () => {
    await expect(openStore('/nowhere/results.db')).rejects.toMatchObject({
      code: 'store/unreadable',
      message: 'the store /nowhere/results.db cannot be opened (SQLite: unable to open database file)',
    });
  });

  it('when its pages are damaged', async () => {
    await using folder = await createTempFolder('store');
    {
      await using store = await openStore(fileIn(folder));
      await store.add(minutes(20_000));
    }
    const { size } = await stat(fileIn(folder));
    const handle = await openFile(fileIn(folder), 'r+');
    await handle.write(Buffer.alloc(size - 16_384, 0xa5), 0, size - 16_384, 16_384);
    await handle.close();
    await expect(openStore(fileIn(folder))).rejects.toMatchObject({
      code: 'store/unreadable',
      message: `the store ${fileIn(folder)} is damaged (SQLite: database disk image is malformed)`,
    });
  });

  it('when a packed row is damaged', async () => {
    await using folder = await createTempFolder('store');
    {
      await using store = await openStore(fileIn(folder));
      await store.add(minutes(200));
    }
    ask(fileIn(folder), 'UPDATE block SET data = substr(data, 1, 100)');
    await using store = await openStore(fileIn(folder));
    await expect(allOf(store)).rejects.toMatchObject({
      code: 'store/unreadable',
      message: `the store ${fileIn(folder)} is damaged: a packed row ends too early`,
    });
  });

  it('when a result is none: whoever handed it in learns it, others that came with it are stored', async () => {
    await using folder = await createTempFolder('store');
    await using store = await openStore(fileIn(folder));
    const good = aResult({});
    const added = [
      store.add([good]),
      store.add([aResult({ dueAtMs: Number.NaN })]),
      store.add([aResult({ observation: 'no digest' })]),
      store.add([aResult({ dueAtMs: startMs + 1 }), aResult({ durationMs: Infinity })]),
    ];
    expect((await Promise.allSettled(added)).map((each) => (each.status === 'rejected' ? String(each.reason) : 'stored'))).toEqual([
      'stored',
      'RangeError: dueMs of a result is NaN',
      'RangeError: the observation of a result is no digest',
      'RangeError: durationUs of a result is Infinity',
    ]);
    expect(await allOf(store)).toEqual(kept([good]));
  });
});

describe('a store’s schema', () => {
  /** What the first version of the schema has written. */
  async function firstVersion(file: string): Promise<void> {
    const database = openDatabase(file);
    migrate(file, database, migrations.slice(0, 1));
    database.close();
    await using store = await openStore(file);
    await store.add(minutes(100));
  }

  it('is brought forward step by step, and keeps what is there', async () => {
    await using folder = await createTempFolder('store');
    await firstVersion(fileIn(folder));
    const database = openDatabase(fileIn(folder));
    const later = [...migrations, 'CREATE TABLE later (x); INSERT INTO later VALUES (1)', 'UPDATE later SET x = x + 1'];
    migrate(fileIn(folder), database, later);
    migrate(fileIn(folder), database, later);
    expect(database.get('SELECT x FROM later')).toEqual([2]);
    expect(database.get('PRAGMA user_version')).toEqual([migrations.length + 2]);
    expect(database.get('SELECT sum(rows) FROM block')).toEqual([43 + 57]);
    database.close();
  });

  it('stays as it was where a step cannot be made', async () => {
    await using folder = await createTempFolder('store');
    await firstVersion(fileIn(folder));
    const database = openDatabase(fileIn(folder));
    expect(() => migrate(fileIn(folder), database, [...migrations, 'CREATE TABLE later (x); INSERT INTO nowhere VALUES (1)'])).toThrow(
      'no such table: nowhere',
    );
    expect(database.get('PRAGMA user_version')).toEqual([migrations.length]);
    expect(database.all("SELECT name FROM sqlite_schema WHERE name = 'later'")).toEqual([]);
    database.close();
    await using store = await openStore(fileIn(folder));
    expect(await allOf(store)).toEqual(kept(minutes(100)));
  });

  it('of a newer liveproof is refused, for reading as well, and left alone', async () => {
    await using folder = await createTempFolder('store');
    await firstVersion(fileIn(folder));
    ask(fileIn(folder), 'PRAGMA user_version = 99');
    const before = await readFile(fileIn(folder));
    for (const readOnly of [false, true]) {
      await expect(sqlite.open({ file: fileIn(folder) }, { readOnly })).rejects.toMatchObject({
        code: 'store/newer',
        message: `the store ${fileIn(folder)} was written by a newer liveproof (version 99 of its tables)`,
        hint: `this liveproof knows version ${String(migrations.length)}: use the newer one, or another file`,
      });
    }
    expect(await readFile(fileIn(folder))).toEqual(before);
  });
});

describe('retention', () => {
  const retention = { detailedMs: 10 * dayMs, rolledUpMs: 40 * dayMs };
  const days = 60;
  const nowMs = startMs + days * dayMs;
  const detailFromMs = Math.floor((nowMs - retention.detailedMs) / hourMs) * hourMs;
  const rollupsFromMs = Math.floor((nowMs - retention.rolledUpMs) / fortnightMs) * fortnightMs;

  it('takes old results away, then old rollups, and makes the file smaller; what is left is counted right', async () => {
    await using folder = await createTempFolder('store');
    const all = [
      ...minutes(days * 1440),
      ...minutes(days * 24, startMs + 7, { check: 'another', status: 'fail', reasons: ['status 503'] }),
    ];
    {
      await using store = await openStore(fileIn(folder));
      await store.add(all);
    }
    await using store = await openStore(fileIn(folder));
    const before = await sizeOf(folder);
    const { results, bytes } = await store.retain(retention, nowMs);
    expect(results).toBe(all.filter(({ dueAtMs }) => dueAtMs < detailFromMs).length);
    const after = await sizeOf(folder);
    expect(bytes).toBeGreaterThan(0.5 * before);
    expect(after).toBeLessThan(0.5 * before);
    expect(await allOf(store)).toEqual(kept(all.filter(({ dueAtMs }) => dueAtMs >= detailFromMs)));
    const left = all.filter(({ dueAtMs }) => dueAtMs >= rollupsFromMs);
    expect(await store.summaries(everything)).toEqual(plainSummaries(left, everything));
    // Rolled up to the minute where details are gone, exact where they are not.
    for (const fromMs of [rollupsFromMs, rollupsFromMs + 3 * dayMs + 5 * minuteMs, detailFromMs - minuteMs, detailFromMs + 12_345]) {
      const span = { fromMs, toMs: nowMs - 123_456 };
      expect(await store.summaries(span)).toEqual(plainSummaries(left, span));
    }
    expect(await store.retain(retention, nowMs)).toEqual({ results: 0, bytes: 0 });
  });

  it('counts late results where rollups are left, and does not keep them where nothing is', async () => {
    await using folder = await createTempFolder('store');
    await using store = await openStore(fileIn(folder));
    const all = minutes(days * 1440);
    await store.add(all);
    await store.retain(retention, nowMs);
    const late = [detailFromMs - 1, detailFromMs, rollupsFromMs, rollupsFromMs - 1].map((dueAtMs) => aResult({ dueAtMs, status: 'fail' }));
    await store.add(late);
    await store.retain(retention, nowMs);
    const left = [...all, ...late].filter(({ dueAtMs }) => dueAtMs >= rollupsFromMs);
    expect(await store.summaries(everything)).toEqual(plainSummaries(left, everything));
    expect(await allOf(store)).toEqual(kept([...all, ...late].filter(({ dueAtMs }) => dueAtMs >= detailFromMs)));
  });

  it('lets others write while it works, and ends early when the store is closed; the next one goes on', async () => {
    const checks = Array.from({ length: 20 }, (_, index) => `check ${String(index)}`);
    const hours = Array.from({ length: days * 24 }, (_, hour) => startMs + hour * hourMs);
    // Hundreds of steps: a process that was held up while all of them were made closed the store too late, and tries again.
    for (let tries = 5, results = 0; results === 0; tries -= 1) {
      await using folder = await createTempFolder('store');
      const order: string[] = [];
      await using first = await openStore(fileIn(folder));
      await first.add(hours.flatMap((dueAtMs) => checks.map((check) => aResult({ check, dueAtMs }))));
      await waitUntil('all hours that are over are packed', () => unpacked(folder) <= 2 * checks.length);
      const retained = first.retain(retention, nowMs).then(() => order.push('retained'));
      const added = first.add([aResult({ dueAtMs: nowMs })]).then(() => order.push('added'));
      await first.close();
      await Promise.all([retained, added]);
      await using second = await openStore(fileIn(folder));
      ({ results } = await second.retain(retention, nowMs));
      if (results === 0 && tries > 1) continue;
      expect(order).toEqual(['added', 'retained']);
      expect(results).toBeGreaterThan(0);
      const keptHours = hours.filter((dueAtMs) => dueAtMs >= detailFromMs);
      expect((await allOf(second)).length).toBe(keptHours.length * checks.length + 1);
    }
  });
});

function unpacked(folder: TempFolder): number {
  const database = openDatabase(fileIn(folder), { readOnly: true });
  const count = database.get<[number]>('SELECT count(*) FROM recent')?.[0];
  database.close();
  return count ?? Number.NaN;
}

async function sizeOf(folder: TempFolder): Promise<number> {
  return (await stat(fileIn(folder))).size;
}
