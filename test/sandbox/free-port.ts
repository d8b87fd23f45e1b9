import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** Below the range that Linux takes for outgoing connections: one of those could take the port before the server does. */
const lowest = 20_000;
const highest = 32_767;

export interface ReservedPort extends AsyncDisposable {
  readonly port: number;
}

/**
 * A free TCP port on loopback, ours until it is disposed of. It is held by a UDP socket of the same number: a TCP server
 * does not mind it, while everyone else who reserves a port in this way, in any process, sees it taken.
 */
export async function reservePort(): Promise<ReservedPort> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    const claim = await claimOf(port);
    if (claim === undefined) continue;
    const release = async (): Promise<void> => await promisify(claim.close.bind(claim))();
    if (await isFree(port)) return { port, [Symbol.asyncDispose]: release };
    await release();
  }
  throw new Error(`no free port between ${String(lowest)} and ${String(highest)}`);
}

async function claimOf(port: number): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const socket = createSocket('udp4');
  socket.once('error', () => {
    socket.close();
    resolve(undefined);
  });
  socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
    // A reservation alone must not keep the process alive.
    socket.unref();
    resolve(socket);
  });
  return await promise;
}

async function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return await promise;
}
