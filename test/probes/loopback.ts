import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

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

/** A server that takes connections and never says a word. */
export function serveSilence(): Promise<Loopback> {
  return serveTcp((socket) => socket.resume());
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = await serveSilence();
  await server[Symbol.asyncDispose]();
  return server.port;
}
