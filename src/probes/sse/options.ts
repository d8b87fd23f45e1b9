import { z } from 'zod';
import { pemFile } from '../../wire/address.ts';
import { isOneWish, notBoth, wishKeys } from '../../wire/turn.ts';

const url = z
  .string()
  .regex(/^https?:\/\/[^\s]+$/)
  .refine((text) => URL.canParse(text), 'is no URL')
  .meta({ expects: 'a URL that starts with http:// or https://' });
const headers = z.record(z.string(), z.string()).optional();

const trigger = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    url,
    headers,
    json: z.json().optional().describe('The body, sent as `application/json`.'),
  })
  .describe('A request that is made once the stream is open, and makes events come: a round trip. Its answer must be a 2xx.');

const wish = z
  .strictObject({ event: z.string().min(1).optional().describe('The name of the event; any when it is left out.'), ...wishKeys })
  .refine(isOneWish, notBoth);

export const sseOptions = z.strictObject({
  url,
  headers,
  ca: pemFile.optional().describe('A PEM file with the certificates to trust instead of the well-known ones.'),
  trigger: trigger.optional(),
  events: z
    .array(wish)
    .default([{}])
    .describe('What must come, one after the other; others may come in between. One event, whichever, when it is left out.'),
});

export type SseOptions = z.output<typeof sseOptions>;
export type Trigger = z.output<typeof trigger>;
