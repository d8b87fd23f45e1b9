import type { Socket } from 'node:net';
import { ExchangeError } from './trouble.ts';

const lookEveryMs = 20;

/** Ends a connection that brings more than `mostBytes`, for clients that know no bound of their own; dispose of it when the exchange is over. */
export function boundBytes(socket: Socket, mostBytes: number): Disposable {
  const timer = setInterval(() => {
    if (socket.bytesRead <= mostBytes) return;
    clearInterval(timer);
    socket.destroy(new ExchangeError('too-much', `more than ${String(mostBytes)} bytes`));
  }, lookEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
