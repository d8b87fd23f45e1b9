import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { abortable } from '../base/abortable.ts';
import type { Begin } from './passage.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Of several addresses each is given so long before the next is tried as well; Node's own quarter of a second gives up on targets that are far away. */
const attemptMs = 1_000;

export interface Dialled extends Disposable {
  readonly socket: Socket;
}

/** A new TCP connection, closed with what it is disposed of. */
export async function dial({ host, port }: Address, begin: Begin, signal: AbortSignal): Promise<Dialled> {
  begin(isIP(host) === 0 ? 'dns' : 'connect');
  const socket = connect({ host, port, noDelay: true, autoSelectFamilyAttemptTimeout: attemptMs });
  // An error that comes when nobody waits any more must not end the process; whoever reads gets it too.
  socket.on('error', () => undefined);
  socket.once('lookup', (error: Error | null) => {
    if (error === null && isIP(host) === 0) begin('connect');
  });
  try {
    await abortable(once(socket, 'connect'), signal);
    return { socket, [Symbol.dispose]: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
