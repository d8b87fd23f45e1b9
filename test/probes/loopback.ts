import { createServer, type RequestListener } from 'node:http';
import { createSocket } from 'node:dgram';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

export interface Loopback extends AsyncDisposable {
  /** For its events. */
  readonly server: Server;
  readonly port: number;
  readonly url: string;
}

async function listening(server: Server, sockets: Set<Socket>): Promise<Loopback> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    url: `http://127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A real HTTP server on a free port of the loopback address, for one test. */
export function serveHttp(listener: RequestListener): Promise<Loopback> {
  return listening(createServer(listener), new Set());
}

/** A server below HTTP: whatever `onSocket` does with each connection. */
export function serveTcp(onSocket: (socket: Socket) => void): Promise<Loopback> {
  return listening(createTcpServer(onSocket), new Set());
}

/** A server below HTTP and above TLS: whatever `onSocket` does with each connection. */
export function serveTls(options: TlsOptions, onSocket: (socket: TLSSocket) => void): Promise<Loopback> {
  const server = createTlsServer(options, (socket) => onSocket(socket.on('error', () => undefined)));
  return listening(
    server.on('tlsClientError', () => undefined),
    new Set(),
  );
}

/** A server that takes connections and datagrams (its event `datagram`) and never says a word. */
export async function serveSilence(): Promise<Loopback> {
  const silent = await serveTcp((socket) => socket.resume());
  const udp = createSocket('udp4', () => silent.server.emit('datagram'));
  const isBound = await new Promise<boolean>((resolve) =>
    udp.once('error', () => resolve(false)).bind(silent.port, '127.0.0.1', () => resolve(true)),
  );
  const end = async (): Promise<void> => {
    if (isBound) udp.close();
    await silent[Symbol.asyncDispose]();
  };
  return { ...silent, [Symbol.asyncDispose]: end };
}

/** Sends as fast as it is read, without end. */
export function flood(socket: Duplex, chunk: Uint8Array | string = Buffer.alloc(64 * 1024, 'x')): void {
  const more = (): void => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on('drain', more).on('error', () => undefined);
  more();
}

/** Sends its bytes one at a time, slowly, over and over. */
export function trickle(socket: Duplex, text: string, everyMs = 50): void {
  let at = 0;
  const timer = setInterval(() => socket.writable && socket.write(text[at++ % text.length] ?? ''), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = await serveSilence();
  await server[Symbol.asyncDispose]();
  return server.port;
}
