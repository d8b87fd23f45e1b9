import { isIP } from 'node:net';
import { z } from 'zod';

const address = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i, 'write host:port, as in 127.0.0.1:9099')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'a port is at most 65535');

export const webhookOptions = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Where the test message is posted: the URL that Alertmanager is given too.'),
    listen: address.describe('Where liveproof waits, during the run, for what is posted to `url`.'),
    exposed: z.boolean().default(false).describe('Lets other machines reach `listen`; otherwise only this one can.'),
  })
  .refine(({ listen, exposed }) => exposed || isLoopback(hostOf(listen)), {
    path: ['listen'],
    message: 'only a loopback address is listened on, unless the channel says exposed: true',
  });
export function hostOf(listen: string): string {
  return listen.slice(0, listen.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

export function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
