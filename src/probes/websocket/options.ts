import { z } from 'zod';
import { pemFile } from '../../wire/address.ts';
import { turn } from '../../wire/turn.ts';

const protocol = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
  .meta({ expects: 'the name of a sub-protocol' });

export const websocketOptions = z.strictObject({
  url: z
    .string()
    .regex(/^wss?:\/\/[^\s#]+$/)
    .refine((text) => URL.canParse(text), 'is no URL')
    .meta({ expects: 'a URL that starts with ws:// or wss://' }),
  headers: z.record(z.string(), z.string()).optional(),
  protocols: z.array(protocol).default([]).describe('Sub-protocols that are offered. The server must take one of them.'),
  ca: pemFile.optional().describe('A PEM file with the certificates to trust instead of the well-known ones.'),
  talk: z.array(turn).default([]).describe('Messages, turn by turn. What must come may come after other messages.'),
  expect: z
    .strictObject({
      protocol: protocol.optional().describe('The sub-protocol that the server must take.'),
      closedWith: z
        .int()
        .min(1000)
        .max(4999)
        .optional()
        .describe('The code with which the server must close it in the end; otherwise we do.'),
    })
    .prefault({}),
});

export type WebsocketOptions = z.output<typeof websocketOptions>;
