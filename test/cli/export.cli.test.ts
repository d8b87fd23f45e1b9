import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/check/result.ts';
import { stores } from '../../src/stores/index.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { projectFolder, run } from './project.ts';

const launcher = path.join(import.meta.dirname, '../../src/cli/liveproof.js');
const startMs = Date.UTC(2026, 1, 1, 9);
const minuteMs = 60_000;
const digest = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

function aResult(minute: number, its: Partial<Result> = {}): Result {
  return {
    check: 'sign-in',
    place: 'here',
    dueAtMs: startMs + minute * minuteMs,
    lateMs: 0.5,
    durationMs: 120.125,
    status: 'pass',
    reasons: [],
    attempts: 1,
    observation: digest,
    ...its,
  };
}

const few = [
  aResult(0),
  aResult(1, { status: 'fail', reasons: ['=HYPERLINK("http://evil")', 'total 2s, expected < 1s'], attempts: 2 }),
  aResult(1, { check: 'search', durationMs: 3 }),
  aResult(2, { status: 'error', reasons: ['no network'], observation: undefined, lateMs: -1 }),
];

/** Runs `liveproof export` in a folder with a store of these results. */
async function exported(results: readonly Result[], args: readonly string[]) {
  await using folder = await createTempFolder('export');
  await writeFile(path.join(folder.path, 'notes.txt'), 'not a store '.repeat(100));
  await writeFile(path.join(folder.path, 'empty.db'), '');
  const kind = stores.get('sqlite');
  await using store = await kind?.open(kind.options.parse({ file: path.join(folder.path, 'results.db') }));
  await store?.add(results);
  // The store stays open: it may be in use.
  const { stdout, stderr, exitCode } = await execa(process.execPath, [launcher, 'export', ...args], {
    cwd: folder.path,
    reject: false,
    stripFinalNewline: false,
    env: { NO_COLOR: '1' },
  });
  return { stdout, stderr: stderr.replaceAll(folder.path, 'FOLDER').replaceAll(/FOLDER\/|\/private/g, ''), exitCode };
}

describe('liveproof export', () => {
  it('writes one JSON object a line, in the order of time, while the store is in use', async () => {
    expect(await exported(few, ['--store', 'results.db'])).toEqual({
      stdout: `{"check":"sign-in","place":"here","dueAt":"2026-02-01T09:00:00.000Z","lateMs":0.5,"durationMs":120.125,"status":"pass","attempts":1,"reasons":[],"observation":"2c26b46b68ffc68ff99b453c1d304134"}
{"check":"sign-in","place":"here","dueAt":"2026-02-01T09:01:00.000Z","lateMs":0.5,"durationMs":120.125,"status":"fail","attempts":2,"reasons":["=HYPERLINK(\\"http://evil\\")","total 2s, expected < 1s"],"observation":"2c26b46b68ffc68ff99b453c1d304134"}
{"check":"search","place":"here","dueAt":"2026-02-01T09:01:00.000Z","lateMs":0.5,"durationMs":3,"status":"pass","attempts":1,"reasons":[],"observation":"2c26b46b68ffc68ff99b453c1d304134"}
{"check":"sign-in","place":"here","dueAt":"2026-02-01T09:02:00.000Z","lateMs":-1,"durationMs":120.125,"status":"error","attempts":1,"reasons":["no network"]}
`,
      stderr: '',
      exitCode: 0,
    });
  });

  it('writes CSV that a spreadsheet takes for nothing else', async () => {
    expect(await exported(few, ['--store', 'results.db', '--format', 'csv', '--check', 'sign-in'])).toEqual({
      stdout: [
        'check,place,dueAt,lateMs,durationMs,status,attempts,reasons,observation',
        'sign-in,here,2026-02-01T09:00:00.000Z,0.5,120.125,pass,1,,2c26b46b68ffc68ff99b453c1d304134',
        `sign-in,here,2026-02-01T09:01:00.000Z,0.5,120.125,fail,2,"'=HYPERLINK(""http://evil""); total 2s, expected < 1s",2c26b46b68ffc68ff99b453c1d304134`,
        'sign-in,here,2026-02-01T09:02:00.000Z,-1,120.125,error,1,no network,',
        '',
      ].join('\r\n'),
      stderr: '',
      exitCode: 0,
    });
  });

  it('takes the store of the project when none is named', async () => {
    await using folder = await projectFolder({
      'liveproof.yaml': 'name: shop\nstore: { path: kept/results.db }\n',
      'checks/home.yaml': 'check: home\nprobe: http\nsteps: [{ url: http://127.0.0.1:9/ }]\n',
      'kept/README': 'results',
    });
    const kind = stores.get('sqlite');
    await using store = await kind?.open(kind.options.parse({ file: path.join(folder.path, 'kept/results.db') }));
    await store?.add(few);
    const { stdout, stderr, exitCode } = await run(folder.path, ['export', '--check', 'search']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^\{"check":"search",.*\}$/);
    // The project knows it, and it has not run yet.
    expect(await run(folder.path, ['export', '--check', 'home'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(await run(folder.path, ['export', '--check', 'hone'])).toEqual({
      stdout: '',
      stderr: 'error: there is no check "hone" (usage/bad-argument)\n  did you mean "home"?',
      exitCode: 2,
    });
  });

  it('writes what is within --from and before --to', async () => {
    const { stdout } = await exported(few, [
      '--store',
      'results.db',
      '--from',
      '2026-02-01T09:01:00Z',
      '--to',
      '2026-02-01T10:02:00+01:00',
    ]);
    expect(stdout.match(/"dueAt":"[^"]*"/g)).toEqual(['"dueAt":"2026-02-01T09:01:00.000Z"', '"dueAt":"2026-02-01T09:01:00.000Z"']);
  });

  it('writes nothing, and is content, where there is nothing', async () => {
    const args = ['--store', 'results.db', '--check', 'search', '--from', '2026-02-02'];
    expect(await exported(few, args)).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  });

  it.each([
    [['--store', 'elsewhere.db'], 'error: there is no store elsewhere.db (store/not-found)\n  name the file of a store\n'],
    [
      ['--store', 'notes.txt'],
      'error: the store notes.txt is no store: it is not even a SQLite file (SQLite: file is not a database) (store/unreadable)\n  name the file of a store\n',
    ],
    [['--store', 'results.db', '--format', 'xml'], 'error: there is no format "xml" (usage/bad-argument)\n  there are jsonl, csv\n'],
    [
      ['--store', 'results.db', '--from', 'yesterday'],
      'error: --from "yesterday" is no time (usage/bad-argument)\n  write 2026-02-01, 2026-02-01T09:00:00Z, or how long ago: 7d\n',
    ],
    [
      ['--store', 'results.db', '--from', '2026-02-31'],
      'error: --from "2026-02-31" names a day that does not exist (usage/bad-argument)\n  write 2026-02-01, 2026-02-01T09:00:00Z, or how long ago: 7d\n',
    ],
    [
      ['--store', 'results.db', '--to', '2026-02-29T09:00:00Z'],
      'error: --to "2026-02-29T09:00:00Z" names a day that does not exist (usage/bad-argument)\n  write 2026-02-01, 2026-02-01T09:00:00Z, or how long ago: 7d\n',
    ],
    [['--store', 'results.db', '--check', 'nosuch'], 'error: there is no check "nosuch" (usage/bad-argument)\n  there are none\n'],
    [['--store', 'empty.db'], 'error: empty.db is no liveproof store: it is empty (store/unreadable)\n  name the file of a store\n'],
    [['--store', '/dev/null'], 'error: /dev/null is no liveproof store: it is empty (store/unreadable)\n  name the file of a store\n'],
    [['--store', 'results.db', '--from', '1h', '--to', '2h'], 'error: --from must be before --to (usage/bad-argument)\n'],
  ])('%j is refused with a reason, exit 2', async (args, stderr) => {
    expect(await exported([], args)).toEqual({ stdout: '', stderr, exitCode: 2 });
  });

  it('refuses a check that the store has no result of, and says which was meant', async () => {
    expect(await exported(few, ['--store', 'results.db', '--check', 'serch'])).toEqual({
      stdout: '',
      stderr: 'error: there is no check "serch" (usage/bad-argument)\n  did you mean "search"?\n',
      exitCode: 2,
    });
  });

  it('ends when nobody reads any more', async () => {
    await using folder = await createTempFolder('export');
    const kind = stores.get('sqlite');
    const file = path.join(folder.path, 'results.db');
    {
      await using store = await kind?.open(kind.options.parse({ file }));
      await store?.add(Array.from({ length: 50_000 }, (_, index) => aResult(index)));
    }
    const { stdout, exitCode } = await execa({ shell: true })`${process.execPath} ${launcher} export --store ${file} | head -n 1 | wc -l`;
    expect({ lines: stdout.trim(), exitCode }).toEqual({ lines: '1', exitCode: 0 });
  });
});
