import { readdir, readFile, statfs } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { availableParallelism, loadavg, networkInterfaces } from 'node:os';
import type { Clock } from '../../base/clock.ts';
import type { MachineObservation } from '../../schedule/machine.ts';

type Facts<Key extends keyof MachineObservation> = MachineObservation[Key];

/** Pressure as Linux tells it; the load where nothing tells the pressure. */
export async function observeCpu(): Promise<Facts<'cpu'>> {
  const loadPerCore = (loadavg()[0] ?? 0) / availableParallelism();
  const text = await readFile('/proc/pressure/cpu', 'utf8').catch(() => '');
  const percent = /^some avg10=([\d.]+)/.exec(text)?.[1];
  return percent === undefined ? { loadPerCore } : { waiting: Number(percent) / 100, loadPerCore };
}

export async function observeDisk(holds: string, path: string): Promise<Facts<'disks'>[number]> {
  try {
    const { bavail, bsize, blocks, files, ffree } = await statfs(path);
    const space = { holds, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    // Some file systems make room for files as they need it, and say zero.
    return files === 0 ? space : { ...space, freeFiles: ffree / files };
  } catch (error) {
    return { holds, trouble: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

export async function observeFiles(): Promise<Facts<'files'>> {
  try {
    const [open, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')]);
    const limit = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return limit === undefined ? undefined : { open: open.length, limit: Number(limit) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Looking needs a file too: when there is none left, that is the answer.
    return code === 'EMFILE' || code === 'ENFILE' ? { open: 1, limit: 1 } : undefined;
  }
}

/** Ways out of this machine that are up: routes of Linux by IPv4 and IPv6, elsewhere addresses that are not its own. */
export async function countRoutes(): Promise<number | undefined> {
  try {
    const [four, six] = await Promise.all([readFile('/proc/net/route', 'utf8'), readFile('/proc/net/ipv6_route', 'utf8').catch(() => '')]);
    const devices = [
      ...four
        .split('\n')
        .slice(1)
        .flatMap((line) => line.split('\t')[0] ?? []),
      ...six.split('\n').map((line) => line.trim().split(/\s+/).at(-1) ?? ''),
    ].filter((device) => device !== '' && device !== 'lo');
    const states = await Promise.all([...new Set(devices)].map(async (device) => [device, await stateOf(device)] as const));
    const down = new Set(states.filter(([, state]) => state === 'down' || state === 'lowerlayerdown').map(([device]) => device));
    return devices.filter((device) => !down.has(device)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
    return Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.internal === false).length;
  }
}

async function stateOf(device: string): Promise<string> {
  return (await readFile(`/sys/class/net/${device}/operstate`, 'utf8').catch(() => '')).trim();
}

/** Why no socket can be opened within this machine; undefined when one can. */
export function tryLoopback(): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  server.listen({ host: '127.0.0.1', port: 0 }, () => server.close(() => resolve(undefined)));
  return promise;
}

/** Whether something listens there, or says at least that nothing does: both take a network. */
export async function tryReference(address: string, withinMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))];
  const timer = new AbortController();
  const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
  const reached = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
  const late = clock.sleep(withinMs, AbortSignal.any([signal, timer.signal])).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([reached, late]);
  } finally {
    timer.abort();
    socket.destroy();
  }
}
