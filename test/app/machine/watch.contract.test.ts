import { createServer } from 'node:net';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { countRoutes, observeCpu, observeDisk, observeFiles, tryLoopback, tryReference } from '../../../src/app/machine/facts.ts';
import { createMachineObserver } from '../../../src/app/machine/observer.ts';
import { watchMachine } from '../../../src/app/machine/watch.ts';
import type { MachineState } from '../../../src/schedule/machine.ts';
import { createTempFolder } from '../../sandbox/temp-folder.ts';

const { signal } = new AbortController();
const looker = fileURLToPath(import.meta.resolve('./look.ts'));

/** What another process on this machine makes of it, in a place that was made worse. */
async function lookedAt(command: string): Promise<string[]> {
  const { stdout } = await execa('unshare', ['--map-root-user', '--mount', '--net', 'sh', '-ec', command]);
  const { troubles } = JSON.parse(stdout) as MachineState;
  return troubles.filter(({ kind }) => kind !== 'busy' && kind !== 'starved').map(({ says }) => says);
}

test('an event loop that stood still is seen', async () => {
  using observer = createMachineObserver({ clock: systemClock, disks: [] });
  const watch = watchMachine(observer, systemClock);
  await watch.since(0, signal);
  const fromMs = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - fromMs < 1_500);
  const state = await watch.since(fromMs, signal);
  const starved = state.troubles.find(({ kind }) => kind === 'starved');
  expect(starved?.says).toMatch(/^this process could not run for [1-9]\d*s(\d+ms)? of \d+s/);
  expect(starved?.lostMs).toBeGreaterThan(1_200);
});

test('a process that was stopped is seen to have lost the time', async () => {
  const child = execa(process.execPath, [looker, '--on-line'], { stdin: 'pipe' });
  const lines = child.iterable();
  const first = await lines[Symbol.asyncIterator]().next();
  expect(first.value).toBe('ready');
  child.kill('SIGSTOP');
  await systemClock.sleep(1_500);
  child.kill('SIGCONT');
  child.stdin.end('now\n');
  const { stdout } = await child;
  const { troubles } = JSON.parse(stdout.split('\n').at(-1) ?? '') as MachineState;
  expect(troubles.find(({ kind }) => kind === 'starved')?.lostMs).toBeGreaterThan(1_000);
});

test('facts of the machine that runs this are told as they are', async () => {
  const [cpu, disk, files, routes, loopback] = await Promise.all([
    observeCpu(),
    observeDisk('this test', import.meta.dirname),
    observeFiles(),
    countRoutes(),
    tryLoopback(),
  ]);
  expect(cpu.loadPerCore).toBeGreaterThanOrEqual(0);
  expect(disk.trouble).toBeUndefined();
  expect(disk.freeBytes).toBeGreaterThan(0);
  expect(files?.open).toBeGreaterThan(2);
  expect(routes).toBeGreaterThanOrEqual(0);
  expect(loopback).toBeUndefined();
  expect(await observeDisk('the store', '/nowhere/at/all')).toEqual({ holds: 'the store', trouble: 'ENOENT' });
});

test('a reference is reached when it answers or refuses, and not when nothing comes back', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const reach = (address: string): Promise<boolean> => tryReference(address, 10_000, systemClock, signal);
  expect(await reach(`127.0.0.1:${String(port)}`)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await reach(`127.0.0.1:${String(port)}`)).toBe(true);
  expect(await reach('no-such-host.invalid:443')).toBe(false);
});

test('references are tried only when no target answers, and tell a lost network from targets that are down', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const state = async (reference: string, answered: boolean): Promise<string[]> => {
    using observer = createMachineObserver({ clock: systemClock, disks: [], references: [reference] });
    const watch = watchMachine(observer, systemClock);
    for (const target of ['a.example', 'b.example', 'c.example']) watch.saw(target, answered);
    const { troubles } = await watch.since(0, signal);
    return troubles.filter(({ kind }) => kind === 'no-network').map(({ says }) => says);
  };
  expect(await state('no-such-host.invalid:443', false)).toEqual([
    'none of 3 targets answers, and neither does no-such-host.invalid:443, which has nothing to do with them',
  ]);
  expect(await state(`127.0.0.1:${String(port)}`, false)).toEqual([]);
  expect(await state('no-such-host.invalid:443', true)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

test('a process that has used up its files says so', async () => {
  const { stdout } = await execa('sh', ['-c', `ulimit -n 64; exec '${process.execPath}' '${looker}' --open 61`]);
  const { troubles } = JSON.parse(stdout) as MachineState;
  expect(troubles.map(({ kind }) => kind)).toContain('files-used-up');
});

test('a machine without a network, and one with a full disk, are seen as such, and with room and a network they are well', async () => {
  await using folder = await createTempFolder('machine');
  const disk = path.join(folder.path, 'disk');
  await mkdir(disk);
  const look = `exec '${process.execPath}' '${looker}' --disk '${disk}'`;
  const mount = `mount -t tmpfs -o size=4m none '${disk}'`;
  const link = [
    'mount -t sysfs none /sys',
    'ip link set lo up',
    'ip link add out type veth peer name far',
    'ip address add 192.0.2.2/24 dev out',
    'ip link set out up',
    'ip link set far up',
    'ip route add default via 192.0.2.1',
  ].join('; ');
  expect(await lookedAt(`${mount}; ${link}; ${look}`)).toEqual([]);
  expect(await lookedAt(`${mount}; ${link}; head -c 4M /dev/zero > '${disk}/log' || true; ${look}`)).toEqual([
    'the disk of the store is full: 0.0 MiB are left',
  ]);
  expect(await lookedAt(`${mount}; ${look}`)).toEqual([
    expect.stringMatching(/^no socket can be opened even within this machine|^this machine has no way out/),
  ]);
  expect(await lookedAt(`${mount}; ${link}; ip link set far down; ${look}`)).toEqual([
    'this machine has no way out: no network that is up',
  ]);
  expect(await lookedAt(`${mount}; ip link set lo up; ${look}`)).toEqual(['this machine has no way out: no network that is up']);
});
