import { once } from 'node:events';
import { connect } from 'node:net';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';

export interface RedisOptions {
  readonly flags?: readonly string[];
  /** Files of the server when it speaks TLS only. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string; readonly caFile: string };
}

export interface RunningRedis extends Part {
  readonly port: number;
  readonly pid: number;
  log(): string;
}

/** Starts a real Redis on loopback that keeps nothing. */
export async function startRedis({ flags = [], tls }: RedisOptions = {}): Promise<RunningRedis> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('redis')).path;
  const { port } = stack.use(await reservePort());
  const listen =
    tls === undefined
      ? ['--port', String(port)]
      : ['--port', '0', '--tls-port', String(port), '--tls-cert-file', tls.certificateFile, '--tls-key-file', tls.keyFile];
  const clients = tls === undefined ? [] : ['--tls-ca-cert-file', tls.caFile, '--tls-auth-clients', 'no'];
  const running = stack.use(
    await startProcess({
      name: 'redis',
      command: '/usr/bin/redis-server',
      folder,
      args: [
        '--bind',
        '127.0.0.1',
        ...listen,
        ...clients,
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        folder,
        '--repl-diskless-sync-delay',
        '0',
        ...flags,
      ],
      ready: async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        socket.destroy();
        return true;
      },
    }),
  );
  return { port, pid: running.pid, log: () => running.log(), ...partOf(stack.move()) };
}
