import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../base/fault.ts';

export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

/** Listens, or throws a Fault that says where another address can be named. */
export async function listenOn(server: Server, host: string, port: number, otherwise: string): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new Fault('usage/bad-argument', `cannot listen on ${host}:${String(port)}: ${cause.message}`, {
          hint: `choose another with ${otherwise}`,
          cause,
        }),
      ),
    );
    server.listen(port, host, () => resolve());
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(bound)}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
