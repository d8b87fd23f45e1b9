import type { AddressInfo } from 'node:net';
import type { ServerType } from '@hono/node-server';
import { partOf, type Part } from './part.ts';

/** Listens on loopback; stopping ends every connection, after `beforeStop`. */
export async function listenOnLoopback(
  server: ServerType,
  port: number,
  beforeStop: () => void = () => undefined,
): Promise<Part & { readonly url: string; readonly port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const stack = new AsyncDisposableStack();
  stack.defer(async () => {
    beforeStop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  });
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${String(bound)}`, port: bound, ...partOf(stack) };
}
