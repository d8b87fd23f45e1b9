import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Result } from '../../src/check/result.ts';
import { dayMs, hourMs, minuteMs } from '../../src/store/rollup.ts';
import type { Span, Store } from '../../src/store/store.ts';
import { stores } from '../../src/stores/index.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { median, say } from './figures.ts';

/** A quarter of a year of 100 checks, each once a minute. LIVEPROOF_BENCH_DAYS makes it less, to try the bench itself. */
const days = Number(process.env['LIVEPROOF_BENCH_DAYS'] ?? 90);
const checks = 100;
const perDay = checks * 1440;
const startMs = Date.UTC(2026, 0, 1);
const endMs = startMs + days * dayMs;
const peerDays = Math.min(3, days);

const limits = { bytesARow: 40, queryMs: 20, resultsASecond: 10_000 };

/** Some hours of all checks: each with a pace of its own, skewed as latencies are; some fail, fewer err. */
function results(fromMs: number, hours: number): readonly Result[] {
  const count = hours * 60 * checks;
  const digests = randomBytes(16 * count).toString('hex');
  return Array.from({ length: count }, (_, index) => {
    const check = index % checks;
    const chance = Math.random();
    const status = chance < 0.001 ? 'fail' : chance < 0.0015 ? 'error' : 'pass';
    return {
      check: `check ${String(check)}`,
      place: 'here',
      dueAtMs: fromMs + Math.floor(index / checks) * minuteMs + check * 597,
      lateMs: Math.random() * 20,
      durationMs: 20 * (1 + check / 10) * Math.exp(Math.random() + Math.random() + Math.random()),
      status,
      reasons: status === 'pass' ? [] : ['status 503, expected 200'],
      attempts: status === 'pass' ? 1 : 2,
      observation: digests.slice(32 * index, 32 * index + 32),
    };
  });
}

/** Whether everything is within its limit. */
export async function benchStore(): Promise<boolean> {
  const kind = stores.get('sqlite');
  if (kind === undefined) throw new Error('no store kind sqlite');
  await using folder = await createTempFolder('bench-store');
  const open = (name: string): Promise<Store> => kind.open(kind.options.parse({ file: path.join(folder.path, name) }));
  const rows = days * perDay;
  say(`The store: ${String(checks)} checks, ${String(days)} days, one result a minute: ${rows.toLocaleString('en')} results`);

  const within: boolean[] = [];
  {
    await using store = await open('results.db');
    const began = performance.now();
    let adding: Promise<void> = Promise.resolve();
    for (let hour = 0; hour < days * 24; hour += 6) {
      const batch = results(startMs + hour * hourMs, 6);
      await adding;
      adding = store.add(batch);
    }
    await adding;
    const seconds = (performance.now() - began) / 1000;
    say(`      filled through its contract, 36,000 at once: ${Math.round(rows / seconds).toLocaleString('en')} results a second`);
  }
  const bytes = await bytesIn(folder.path, 'results.db');
  within.push(limited('on the disk', bytes / rows, limits.bytesARow, 'bytes a result', ''));

  await using store = await open('results.db');
  const ninety = { fromMs: startMs, toMs: endMs };
  const skewed = { fromMs: startMs + 5.37 * hourMs, toMs: endMs - 7.91 * hourMs };
  for (const [name, span] of [
    ['all checks, all days', ninety],
    ['all checks, skewed span', skewed],
  ] as const) {
    const times = await timesOf(() => store.summaries(span), 31);
    const [first = 0] = times;
    const note = `first ${first.toFixed(1)}, slowest of the others ${Math.max(...times.slice(1)).toFixed(1)}`;
    within.push(limited(name, median(times), limits.queryMs, 'ms', note));
  }
  const peer = plainTable(path.join(folder.path, 'peer.db'));
  const few = { fromMs: startMs, toMs: startMs + peerDays * dayMs };
  peer.insert(await Array.fromAsync(store.results(few)));
  const oursMs = median(await timesOf(() => store.summaries(few), 11));
  const peerMs = median(await timesOf(() => Promise.resolve(peer.summaries(few)), 3));
  say(
    `      ${String(peerDays)} days of them: ${oursMs.toFixed(1)} ms; percentile() over a plain table ${peerMs.toFixed(0)} ms (${(peerMs / oursMs).toFixed(0)} times as long)`,
  );
  peer.close();

  within.push(await benchAdding(() => open('adding.db'), path.join(folder.path, 'plain.db')));
  await benchRetention(store);
  return within.every(Boolean);
}

/** One result at a time, as runs end, many at once; the peer commits each by itself. */
async function benchAdding(open: () => Promise<Store>, peerFile: string): Promise<boolean> {
  await using store = await open();
  const all = results(startMs, 20);
  let next = 0;
  const untilMs = performance.now() + 5_000;
  const began = performance.now();
  const oneByOne = async (): Promise<void> => {
    for (;;) {
      const result = all[next++];
      if (result === undefined || performance.now() > untilMs) return;
      await store.add([result]);
    }
  };
  await Promise.all(Array.from({ length: 200 }, oneByOne));
  const rate = Math.min(next, all.length) / ((performance.now() - began) / 1000);
  const peer = plainTable(peerFile);
  const peerRate = peer.oneByOne(all, 2_000);
  peer.close();
  const isWithin = rate >= limits.resultsASecond;
  say(
    `${isWithin ? 'PASS' : 'OVER'}  one by one, 200 waiting      ${Math.round(rate).toLocaleString('en')} results a second of ${limits.resultsASecond.toLocaleString('en')} wanted (ratio ${(rate / limits.resultsASecond).toFixed(2)}); node:sqlite, each committed by itself: ${Math.round(peerRate).toLocaleString('en')} (ratio ${(rate / peerRate).toFixed(1)})`,
  );
  return isWithin;
}

async function benchRetention(store: Store): Promise<void> {
  const began = performance.now();
  const retained = store.retain({ detailedMs: (days - 1) * dayMs, rolledUpMs: 365 * dayMs }, endMs);
  const late = results(endMs, 1)[0] as Result;
  const waits: number[] = [];
  const addOne = async (second: number): Promise<boolean> => {
    const asked = performance.now();
    await store.add([{ ...late, dueAtMs: endMs + second * 1000 }]);
    waits.push(performance.now() - asked);
    return true;
  };
  const isOver = retained.then(() => false);
  for (let second = 0; await Promise.race([isOver, addOne(second)]); second++);
  const { results: taken, bytes } = await retained;
  say(
    `      a day taken away in ${(performance.now() - began).toFixed(0)} ms: ${taken.toLocaleString('en')} results, ${(bytes / 1e6).toFixed(1)} MB given back; meanwhile ${String(waits.length)} results came in, the slowest after ${Math.max(...waits).toFixed(0)} ms`,
  );
}

/** What one would do without a store: a row for each result, in SQLite with the same care for the disk. */
function plainTable(file: string) {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE result (name TEXT, due INTEGER, late REAL, duration REAL, status TEXT, reasons TEXT, attempts INTEGER, digest BLOB, PRIMARY KEY (name, due)) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const add = (each: Result): void => {
    const digest = Buffer.from(each.observation ?? '', 'hex');
    insert.run(each.check, each.dueAtMs, each.lateMs, each.durationMs, each.status, each.reasons.join(), each.attempts, digest);
  };
  const query = database.prepare(
    `SELECT name, sum(status = 'pass') * 1.0 / count(*), percentile(duration, 50), percentile(duration, 95), percentile(duration, 99)
     FROM result WHERE due >= ? AND due < ? AND status <> 'error' GROUP BY name`,
  );
  return {
    insert: (batch: readonly Result[]) => {
      database.exec('BEGIN');
      for (const each of batch) add(each);
      database.exec('COMMIT');
    },
    oneByOne: (batch: readonly Result[], forMs: number) => {
      const began = performance.now();
      let count = 0;
      for (const each of batch) {
        if (performance.now() > began + forMs) break;
        add(each);
        count++;
      }
      return count / ((performance.now() - began) / 1000);
    },
    summaries: ({ fromMs, toMs }: Span) => query.all(fromMs, toMs),
    close: () => database.close(),
  };
}

async function timesOf(query: () => Promise<unknown>, runs: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await query();
    times.push(performance.now() - began);
  }
  return times;
}

/** With everything that stands beside the file. */
async function bytesIn(folder: string, name: string): Promise<number> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function limited(name: string, figure: number, limit: number, unit: string, note: string): boolean {
  const isWithin = figure <= limit;
  const more = note === '' ? '' : `; ${note}`;
  say(
    `${isWithin ? 'PASS' : 'OVER'}  ${name.padEnd(27)} ${figure.toFixed(1)} ${unit} of ${String(limit)} allowed (ratio ${(figure / limit).toFixed(2)}${more})`,
  );
  return isWithin;
}
