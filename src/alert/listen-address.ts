import { isIP } from 'node:net';
import { z } from 'zod';

/** Where a channel listens during a run: `host:port`, an IPv6 host in brackets. */
export const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i, 'write host:port, as in 127.0.0.1:9099')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'a port is at most 65535');

export function hostOf(listen: string): string {
  return listen.slice(0, listen.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

export function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

/** Whether only this machine can reach an address. A name that begins with 127. can stand for any. */
export function isLoopback(listen: string): boolean {
  const host = hostOf(listen);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
