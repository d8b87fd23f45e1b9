import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const token = 'open-sesame-for-faults';

let folder: Awaited<ReturnType<typeof createTempFolder>>;
let server: Server;
/** How often the fault was made and ended. */
let made: number;
let ended: number;
let answer: number;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await createTempFolder('clean');
  made = ended = 0;
  answer = 200;
  // The check never fails: a run waits for that, with its fault made, until it is killed.
  server = createServer((request, response) => {
    if (request.method === 'POST') made += 1;
    if (request.method === 'DELETE' && request.headers.authorization === `Bearer ${token}`) ended += 1;
    response.writeHead(request.method === 'DELETE' ? answer : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  env = { APP: url, TOKEN: token, TMPDIR: folder.path };
  await writeFile(path.join(folder.path, 'app.yaml'), `check: app\nprobe: http\nsteps: [{ url: '\${APP}' }]\n`);
  await writeFile(
    path.join(folder.path, 'gate.yaml'),
    `gate: app
checks: [app.yaml]
items:
  - id: app
    proof: check
    check: app
    grade: shown-to-fail
    times: 2
    timeout: 5m
    fault:
      says: the app is broken
      inject: { url: '\${APP}/fault' }
      undo: { method: DELETE, url: '\${APP}/fault', headers: { authorization: 'Bearer \${TOKEN}' } }
      lasts: 20m
      failsWithin: 5m
`,
  );
});
afterEach(async () => {
  server.close();
  await folder[Symbol.asyncDispose]();
});

function gate(...args: readonly string[]) {
  return execa(process.execPath, [main, 'gate', 'gate.yaml', ...args], {
    cwd: folder.path,
    env,
    reject: false,
    all: true,
    timeout: 240_000,
  });
}

async function killedRun(): Promise<void> {
  const before = made;
  const running = gate('--allow-paging');
  await waitUntil('the fault is made', () => made > before, { withinMs: 240_000 });
  running.kill('SIGKILL');
  await running;
}

const room = (): string => path.join(folder.path, 'reports/app/.journal');
const times = (text: string | undefined): string => (text ?? '').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('gate --clean', () => {
  it('says plainly that there is nothing to clean, and makes no folder for that', async () => {
    const { exitCode, all } = await gate('--clean');
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: 'Nothing was left behind by an ended run.' });
    expect(await readdir(folder.path)).toEqual(['app.yaml', 'gate.yaml']);
  });

  it('is no plan: asked for both, it does neither', async () => {
    const { exitCode, all } = await gate('--plan', '--clean');
    expect({ exitCode, says: all?.includes("'--clean' cannot be used with option '--plan'") }).toEqual({ exitCode: 2, says: true });
  });

  it('undoes what a killed run has left, with credentials that were never written down', async () => {
    await killedRun();
    const [journal = ''] = await readdir(room());
    const written = await readFile(path.join(room(), journal), 'utf8');
    expect(written).toContain('the app is broken');
    expect(written).not.toContain(token);
    // As if it had been writing its report.
    await mkdir(path.join(folder.path, 'reports/app', `.unfinished-${journal.split('.')[0] ?? ''}`));
    expect((await readdir(folder.path)).filter((name) => name.startsWith('liveproof-'))).toHaveLength(1);

    const { exitCode, all } = await gate('--clean');
    expect({ exitCode, all: times(all) }).toEqual({
      exitCode: 0,
      all: '  undone  the app is broken (left behind at TIME by a run that was ended)\nNothing is left of ended runs.',
    });
    expect(ended).toBe(1);
    expect(await readdir(path.join(folder.path, 'reports/app'))).toEqual([]);
    expect((await readdir(folder.path)).filter((name) => name.startsWith('liveproof-'))).toEqual([]);
  });

  it('ends with 3 while something cannot be undone, and says what and until when', async () => {
    await killedRun();
    answer = 500;
    const { exitCode, all } = await gate('--clean');
    expect({ exitCode, all: times(all) }).toEqual({
      exitCode: 3,
      all: [
        '! left behind and not undone: the app is broken (HTTP 500); it ends by itself at TIME',
        '1 could not be undone; what it is, and until when it lasts, stands above.',
      ].join('\n'),
    });
    answer = 200;
    expect(await gate('--clean')).toMatchObject({ exitCode: 0 });
  });

  it('names the place of what it cannot read, and ends with 2', async () => {
    await killedRun();
    const [journal = ''] = await readdir(room());
    await appendFile(path.join(room(), journal), 'garbage\n');
    const { exitCode, all } = await gate('--clean');
    expect(exitCode).toBe(2);
    expect(all).toContain('(journal/unreadable)');
    expect(all).toMatch(/--> reports\/app\/\.journal\/\S+\.jsonl:\d:1\n\d \| garbage/);
  });

  it('leaves a run alone that still goes on', async () => {
    const running = gate('--allow-paging');
    await waitUntil('the fault is made', () => made > 0, { withinMs: 240_000 });
    const { exitCode, all } = await gate('--clean');
    expect({ exitCode, all }).toEqual({
      exitCode: 0,
      all: '1 run of this gate still goes on: what is theirs is left alone.\nNothing was left behind by an ended run.',
    });
    expect(ended).toBe(0);
    running.kill('SIGTERM');
    expect((await running).exitCode).toBe(3);
    expect(ended).toBe(1);
    expect(await readdir(path.join(folder.path, 'reports/app'))).toEqual([]);
  });

  it('does nothing else: not together with what belongs to a run', async () => {
    const { exitCode, all } = await gate('--clean', '--resume');
    expect(exitCode).toBe(2);
    expect(all).toContain("option '--clean' cannot be used with option '--resume'");
  });
});

describe('the next run', () => {
  it('undoes what a killed one has left before it begins', async () => {
    await killedRun();
    const next = gate('--resume', '--allow-paging');
    await waitUntil('the fault is made again', () => made === 2, { withinMs: 240_000 });
    // By the time that it makes its own.
    expect(ended).toBe(1);
    next.kill('SIGINT');
    const { all } = await next;
    expect(all).toContain('there is no earlier report: every item is tried');
    expect(all).toMatch(/undone {2}the app is broken \(left behind at .* by a run that was ended\)\n.*made {4}the app is broken/s);
  });
});
