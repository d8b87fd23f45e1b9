import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { collectDefaultMetrics, Counter, type Registry } from 'prom-client';

export interface SystemMetrics {
  /** Counts what goes through the server's sockets from now on. */
  watch(server: Server): void;
}

/** Processor, memory and network of this process, as the operating system counts them. */
export function createSystemMetrics(registry: Registry): SystemMetrics {
  collectDefaultMetrics({ register: registry });
  const open = new Set<Socket>();
  const closed = { read: 0, written: 0 };
  const total = (direction: 'read' | 'written'): number =>
    [...open].reduce((sum, socket) => sum + (direction === 'read' ? socket.bytesRead : socket.bytesWritten), closed[direction]);
  const counter = (name: string, help: string, direction: 'read' | 'written'): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(total(direction));
      },
    });
  };
  counter('network_received_bytes_total', 'Bytes that clients sent', 'read');
  counter('network_sent_bytes_total', 'Bytes that were sent to clients', 'written');
  return {
    watch: (server) =>
      void server.on('connection', (socket: Socket) => {
        open.add(socket);
        socket.once('close', () => {
          open.delete(socket);
          closed.read += socket.bytesRead;
          closed.written += socket.bytesWritten;
        });
      }),
  };
}
