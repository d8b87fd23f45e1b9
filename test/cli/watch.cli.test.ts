import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../src/check/result.ts';
import { smallFlags } from '../../src/cli/small-process.ts';
import { stores } from '../../src/stores/index.ts';
import { startProcess, crash, type RunningProcess } from '../sandbox/process.ts';
import type { TempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { liveproof, projectFolder, run, startTarget, writeFiles } from './project.ts';

const everyMs = 200;
let target: Awaited<ReturnType<typeof startTarget>>;
let folder: TempFolder;

beforeEach(async () => {
  target = await startTarget();
  folder = await projectFolder({
    'liveproof.yaml': 'name: shop\nlisten: 127.0.0.1:0\n',
    'checks/home.yaml': `check: home\nprobe: http\ninterval: ${String(everyMs)}ms\nsteps: [{ url: '${target.url}/' }]\n`,
  });
});
afterEach(async () => {
  await target.stop();
  await folder[Symbol.asyncDispose]();
});

/** A daemon in a process of its own, which has told where it listens. */
async function start(environment: Readonly<Record<string, string>> = {}): Promise<RunningProcess & { readonly url: () => string }> {
  const running = await startProcess({
    name: 'liveproof watch',
    command: process.execPath,
    args: [liveproof, 'watch'],
    folder: folder.path,
    environment: { CI: '1', ...environment },
    ready: () => true,
  });
  const url = (): string => /(http:\S+)\/metrics/.exec(running.log())?.[1] ?? '';
  await waitUntil('it listens', () => url() !== '', { withinMs: 60_000 });
  return { ...running, url };
}

async function stored(): Promise<readonly Result[]> {
  const sqlite = stores.get('sqlite');
  if (sqlite === undefined) throw new Error('no store kind sqlite');
  await using store = await sqlite.open({ file: `${folder.path}/.liveproof/results.sqlite` }, { readOnly: true });
  return await Array.fromAsync(store.results({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }));
}

async function series(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}

async function hasStored(url: string, results: number): Promise<void> {
  await waitUntil(`${String(results)} results are stored`, async () => (await series(url, 'liveproof_store_results_total')) >= results);
}

describe('liveproof watch', () => {
  it('goes on after kill -9 without a slot that ran twice and without losing what it had stored', async () => {
    const first = await start();
    await hasStored(first.url(), 5);
    await crash(first);
    const before = await stored();
    expect(before.length).toBeGreaterThanOrEqual(5);
    const second = await start();
    await hasStored(second.url(), 5);
    await second.stop();
    const after = await stored();
    expect(after.slice(0, before.length)).toEqual(before);
    const due = after.map(({ dueAtMs }) => dueAtMs);
    expect(new Set(due).size).toBe(due.length);
    // Every one lies on the slots of the same schedule.
    expect(new Set(due.map((ms) => ms % everyMs)).size).toBe(1);
  });

  it('tells what changes, and ends on SIGTERM with what ran stored', async () => {
    const daemon = await start();
    await hasStored(daemon.url(), 1);
    target.status = 500;
    await waitUntil('the failure is told', () => daemon.log().includes('✗ home is failing: step 1 GET'));
    target.status = 200;
    await waitUntil('the recovery is told', () => daemon.log().includes('✓ home has recovered'));
    process.kill(daemon.pid, 'SIGTERM');
    await waitUntil('it has ended', () => daemon.log().endsWith('  stopped'));
    await daemon.stop();
    expect((await stored()).map(({ status }) => status)).toEqual(expect.arrayContaining(['pass', 'fail']));
  });

  it('loads the project again on SIGHUP, and keeps the old one when the new one has faults', async () => {
    const daemon = await start();
    await writeFiles(folder.path, { 'checks/home.yaml': 'check: home\nprobe: htpp\n' });
    process.kill(daemon.pid, 'SIGHUP');
    await waitUntil('the refusal is told', () => daemon.log().includes('the project was not loaded again, the old one is kept:'));
    expect(daemon.log()).toContain('did you mean "http"?');
    const ran = await series(daemon.url(), 'liveproof_store_results_total');
    await hasStored(daemon.url(), ran + 2);
    await writeFiles(folder.path, { 'checks/home.yaml': `check: start\nprobe: http\ninterval: 1s\nsteps: [{ url: '${target.url}/' }]\n` });
    process.kill(daemon.pid, 'SIGHUP');
    await waitUntil('the reload is told', () => daemon.log().includes('the project was loaded again: 1 check'));
    await waitUntil('only the new check has series', async () => {
      const text = await (await fetch(`${daemon.url()}/metrics`)).text();
      return text.includes('check="start"') && !text.includes('check="home"');
    });
    await daemon.stop();
  });

  it('outlives a project that is of no use to it, and goes on to hide the secrets of the one that runs', async () => {
    const secret = 'a-token-of-sixteen-letters';
    const daemon = await start({ TOKEN: secret });
    await writeFiles(folder.path, { 'liveproof.yaml': "name: shop\nlisten: 127.0.0.1:0\nheartbeats: { token: '${TOKEN}' }\n" });
    process.kill(daemon.pid, 'SIGHUP');
    await waitUntil('the reload is told', () => daemon.log().includes('the project was loaded again: 1 check'));
    await writeFiles(folder.path, {
      'liveproof.yaml': 'name: shop\nlisten: 127.0.0.1:0\n',
      'checks/backup.yaml': `check: ${secret}\nprobe: heartbeat\nname: nightly\nexpectEvery: 1d\n`,
    });
    process.kill(daemon.pid, 'SIGHUP');
    await waitUntil('the refusal is told', () => daemon.log().includes('waits for heartbeats, and the project has no token'));
    expect(daemon.log()).not.toContain(secret);
    const ran = await series(daemon.url(), 'liveproof_store_results_total');
    await hasStored(daemon.url(), ran + 2);
    process.kill(daemon.pid, 'SIGTERM');
    await waitUntil('it has ended', () => daemon.log().endsWith('  stopped'));
    await daemon.stop();
  });

  it('holds results while the store cannot be written, says so, and loses none', async () => {
    const daemon = await start();
    await hasStored(daemon.url(), 2);
    await execa('prlimit', ['--pid', String(daemon.pid), '--fsize=1:unlimited']);
    await waitUntil('the trouble is told', () => daemon.log().includes('✗ results cannot be stored and are held in memory: '), {
      withinMs: 30_000,
    });
    expect((await fetch(`${daemon.url()}/healthz`)).status).toBe(503);
    await waitUntil('results wait', async () => (await series(daemon.url(), 'liveproof_store_waiting_results')) >= 3);
    await execa('prlimit', ['--pid', String(daemon.pid), '--fsize=unlimited:unlimited']);
    await waitUntil('they are stored', () => daemon.log().includes('✓ results are stored again'), { withinMs: 30_000 });
    await waitUntil('none waits', async () => (await series(daemon.url(), 'liveproof_store_waiting_results')) === 0);
    expect(await series(daemon.url(), 'liveproof_store_dropped_results_total')).toBe(0);
    const counted = await series(daemon.url(), 'liveproof_store_results_total');
    await daemon.stop();
    expect((await stored()).length).toBeGreaterThanOrEqual(counted);
  });

  it('keeps itself small, under the process id that it was started with', async () => {
    const daemon = await start();
    const words = (await readFile(`/proc/${String(daemon.pid)}/cmdline`, 'utf8')).split('\0');
    expect(words).toEqual([process.execPath, ...smallFlags, liveproof, 'watch', '']);
    expect(await readFile(`/proc/${String(daemon.pid)}/environ`, 'utf8')).toContain('MALLOC_ARENA_MAX=1\0');
    process.kill(daemon.pid, 'SIGINT');
    await waitUntil('it has ended', () => daemon.log().endsWith('  stopped'));
    await daemon.stop();
  });

  it('leaves the choice of memory to whoever has made one', async () => {
    const daemon = await start({ NODE_OPTIONS: '--max-semi-space-size=16' });
    expect((await readFile(`/proc/${String(daemon.pid)}/cmdline`, 'utf8')).split('\0')).toEqual([process.execPath, liveproof, 'watch', '']);
    await daemon.stop();
  });

  it('lets no second one use the same store', async () => {
    const daemon = await start();
    expect(await run(folder.path, ['watch'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: the store \S+results\.sqlite is in use/) as string,
    });
    await daemon.stop();
  });

  it('listens where other machines reach it only when it is told to', async () => {
    await writeFiles(folder.path, { 'liveproof.yaml': 'name: shop\nlisten: 0.0.0.0:0\n' });
    expect(await run(folder.path, ['watch'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error: listen 0.0.0.0:0 can be reached from other machines (usage/bad-argument)\n  say --exposed as well, and put TLS in front: tokens of heartbeats are sent\n  with every request',
    });
  });
});
