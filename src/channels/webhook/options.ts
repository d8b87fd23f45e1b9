import { z } from 'zod';
import { isLoopback, listenAddress } from '../../alert/listen-address.ts';

export const webhookOptions = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Where the test message is posted: the URL that Alertmanager is given too.'),
    listen: listenAddress.describe('Where liveproof waits, during the run, for what is posted to `url`.'),
    exposed: z.boolean().default(false).describe('Lets other machines reach `listen`; otherwise only this one can.'),
  })
  .refine(({ listen, exposed }) => exposed || isLoopback(listen), {
    path: ['listen'],
    message: 'only a loopback address is listened on, unless the channel says exposed: true',
  });
