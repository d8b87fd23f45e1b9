import { appendFile, mkdir, readdir, readFile, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { holdMark } from '../../../src/base/process-mark.ts';
import { createRedactor } from '../../../src/base/redact.ts';
import type { Effect } from '../../../src/gate/effect.ts';
import { openJournal } from '../../../src/gate/journal.ts';
import { cleanJournals, type LeftoverEvent } from '../../../src/gate/journal/clean.ts';
import { journalFile } from '../../../src/gate/journal/file.ts';
import { sealUndo } from '../../../src/gate/journal/seal.ts';
import { createTempFolder } from '../../sandbox/temp-folder.ts';

const asked: string[] = [];
let answer = 200;
const server = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`.trim());
  response.writeHead(answer).end();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

const redactor = createRedactor(['open-sesame']);
const gate = { environment: 'staging', stack: { alertmanager: { url, token: 'open-sesame' } } };
let folder: Awaited<ReturnType<typeof createTempFolder>>;
let room: string;

beforeEach(async () => {
  folder = await createTempFolder('journal');
  room = path.join(folder.path, '.journal');
});
afterEach(async () => {
  asked.length = 0;
  answer = 200;
  await folder[Symbol.asyncDispose]();
});

function effect(name: string, expiresInMs = 60_000): Effect {
  return { says: `effect ${name}`, expiresInMs, undo: { method: 'DELETE', url: `${url}/${name}` } };
}

function fileOf(mark: string, at = new Date()) {
  const seal = (undo: Effect['undo']) => sealUndo(undo, gate, redactor);
  return journalFile({ folder: room, mark, gate: 'lamps', environment: 'staging', redactor, now: () => at, seal });
}

/** A run that is ended in the middle of it, with its effects as they are. */
async function endedRun(effects: readonly Effect[], { at = new Date(), made = true } = {}): Promise<string> {
  const { mark, release } = holdMark();
  const file = fileOf(mark, at);
  for (const each of effects) {
    const noted = await file.note(each);
    if (made) await noted.made();
  }
  // Closed without a word about its effects, as the kernel would do it.
  await file.close();
  release();
  return path.join(room, `${mark}.${mark}.jsonl`);
}

async function clean(now = gate) {
  const { mark, release } = holdMark();
  const own = fileOf(mark);
  const told: LeftoverEvent[] = [];
  const signal = AbortSignal.timeout(20_000);
  try {
    const { running } = await cleanJournals({
      folder: room,
      own,
      mark,
      gate: now,
      signal,
      now: () => new Date(),
      tell: (event) => told.push(event),
    });
    return { told, types: told.map(({ type, says }) => `${type} ${says}`), running };
  } finally {
    await own.close();
    release();
  }
}

const left = (): Promise<readonly string[]> => readdir(room).catch(() => []);

describe('a run', () => {
  it('writes each effect down before it makes it, and takes the file away when all are undone', async () => {
    const { mark, release } = holdMark();
    const file = fileOf(mark);
    const journal = openJournal(() => undefined, file);
    const { undo } = await journal.make(effect('a'), async () => {
      const [name = ''] = await left();
      expect(await readFile(path.join(room, name), 'utf8')).toContain('"says":"effect a"');
    });
    await undo();
    await file.close();
    release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('makes nothing that it cannot write down', async () => {
    await writeFile(room, 'a file where the folder should be');
    const { mark, release } = holdMark();
    const journal = openJournal(() => undefined, fileOf(mark));
    let made = false;
    const making = journal.make(effect('a'), () => Promise.resolve((made = true)));
    await expect(making).rejects.toMatchObject({ code: 'journal/unwritable' });
    release();
    expect([made, asked]).toEqual([false, []]);
  });

  it('leaves to the next one what it could not undo', async () => {
    const { mark, release } = holdMark();
    const file = fileOf(mark);
    const journal = openJournal(() => undefined, file);
    await journal.make(effect('a'), () => Promise.resolve());
    answer = 503;
    await journal.undoAll();
    await file.close();
    release();
    answer = 200;
    expect((await clean()).types).toEqual(['leftover-undone effect a']);
  });
});

describe('what ended runs have left', () => {
  it('is undone, the newest first, whichever run made it', async () => {
    await endedRun([effect('second'), effect('third')], { at: new Date(Date.now() - 2_000) });
    await endedRun([effect('first')], { at: new Date(Date.now() - 5_000) });
    const { types } = await clean();
    expect(asked).toEqual(['DELETE /third', 'DELETE /second', 'DELETE /first']);
    expect(types).toEqual(['leftover-undone effect third', 'leftover-undone effect second', 'leftover-undone effect first']);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('needs credentials that are nowhere on the disk', async () => {
    const undo = { method: 'DELETE', url: `${url}/a`, headers: { authorization: 'Bearer open-sesame' } };
    const file = await endedRun([{ says: 'knocks with open-sesame', expiresInMs: 60_000, undo }]);
    expect(await readFile(file, 'utf8')).not.toContain('open-sesame');
    const other = { environment: 'production', stack: { alertmanager: { url, token: undefined } } };
    const refused = await clean(other as unknown as typeof gate);
    expect(refused.told).toMatchObject([
      {
        type: 'leftover-stuck',
        because: 'its credentials stood at stack.alertmanager.token, where the gate has none now; it was made in the environment staging',
      },
    ]);
    expect(asked).toEqual([]);
    await clean();
    expect(asked).toEqual(['DELETE /a Bearer open-sesame']);
  });

  it('is kept, and told with its end, while it cannot be undone', async () => {
    await endedRun([effect('a'), effect('b')]);
    answer = 500;
    const { told } = await clean();
    expect(told).toMatchObject([
      { type: 'leftover-stuck', says: 'effect b', because: 'HTTP 500' },
      { type: 'leftover-stuck', says: 'effect a', because: 'HTTP 500' },
    ]);
    answer = 200;
    expect((await clean()).types).toEqual(['leftover-undone effect b', 'leftover-undone effect a']);
    expect((await clean()).types).toEqual([]);
  });

  it('is dropped when it has ended by itself', async () => {
    await endedRun([effect('a', 1_000)], { at: new Date(Date.now() - 60_000) });
    expect((await clean()).types).toEqual(['leftover-expired effect a']);
    expect([asked, await left()]).toEqual([[], []]);
  });

  it('is nothing when it was not made yet, and still something when it was', async () => {
    answer = 404;
    await endedRun([effect('never')], { made: false });
    expect((await clean()).types).toEqual(['leftover-undone effect never']);
    await endedRun([effect('made')]);
    expect((await clean()).told).toMatchObject([{ type: 'leftover-stuck', because: 'HTTP 404' }]);
  });

  it('is undone although its last line was cut off, by a run that was ended while it cleaned too', async () => {
    const file = await endedRun([effect('a'), effect('b')]);
    await appendFile(file, '{"type":"effect","id":3,"sa');
    answer = 500;
    await clean();
    answer = 200;
    expect((await clean()).types).toEqual(['leftover-undone effect b', 'leftover-undone effect a']);
    expect(await left()).toEqual([]);
  });

  it('is told as a fault where nobody can see whether there is anything', async () => {
    await writeFile(room, 'no folder');
    await expect(clean()).rejects.toMatchObject({ code: 'journal/unreadable' });
  });

  it('is told as a fault where it is no file, once the rest is undone', async () => {
    const file = await endedRun([effect('a')]);
    await endedRun([effect('b')]);
    await unlink(file);
    await mkdir(file);
    await expect(clean()).rejects.toMatchObject({ code: 'journal/unreadable' });
    expect(asked).toEqual(['DELETE /b']);
  });

  it('is told as a fault where it cannot be read, once the rest is undone', async () => {
    const file = await endedRun([effect('a')]);
    await appendFile(file, 'garbage\n');
    await endedRun([effect('b')]);
    await expect(clean()).rejects.toMatchObject({ code: 'journal/unreadable', place: { file, line: 4 } });
    expect(asked).toEqual(['DELETE /b']);
    expect(await left()).toEqual([path.basename(file)]);
  });
});

describe('a run that still goes on', () => {
  it('keeps its effects', async () => {
    const { mark, release } = holdMark();
    const file = fileOf(mark);
    const { over } = await file.note(effect('a'));
    expect(await clean()).toMatchObject({ types: [], running: 1 });
    expect(asked).toEqual([]);
    await over();
    await file.close();
    release();
    expect(await left()).toEqual([]);
  });

  test.each([
    ['gives signs of life', 0, 1, []],
    ['has given none for long', 120_000, 0, ['leftover-undone effect a']],
  ])('elsewhere, out of our sight, is judged by whether it %s', async (_, silentMs, running, types) => {
    const file = await endedRun([effect('a')]);
    const there = file.replaceAll(/-[0-9a-f]{8}(-[0-9a-f]{8}\.)/g, '-00000000$1');
    await rename(file, there);
    const touched = new Date(Date.now() - silentMs);
    await utimes(there, touched, touched);
    expect(await clean()).toMatchObject({ running, types });
  });

  it('shares the work with others that clean at the same time: each effect is undone once', async () => {
    for (let each = 0; each < 5; each++) await endedRun([effect(`r${String(each)}`)]);
    const cleaned = await Promise.all([clean(), clean(), clean()]);
    expect(cleaned.flatMap(({ types }) => types).toSorted()).toEqual(
      [0, 1, 2, 3, 4].map((each) => `leftover-undone effect r${String(each)}`),
    );
    expect(asked).toHaveLength(5);
    expect(await left()).toEqual([]);
  });
});
