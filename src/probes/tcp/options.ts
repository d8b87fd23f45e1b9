import { z } from 'zod';
import { host, port, tlsKeys } from '../../wire/address.ts';
import { turn } from '../../wire/turn.ts';

export const tcpOptions = z.strictObject({
  host,
  port,
  ...tlsKeys,
  talk: z.array(turn).default([]).describe('What is said over the connection, turn by turn; nothing when it is left out.'),
});

export type TcpOptions = z.output<typeof tcpOptions>;
