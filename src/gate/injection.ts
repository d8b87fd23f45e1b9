import { z } from 'zod';
import { duration } from '../base/duration.ts';

const httpRequest = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.json().optional(),
});

/** Something broken on purpose in the live system by one HTTP request, and mended by another. It ends by itself after `lasts`. */
export const injection = z.strictObject({
  says: z.string().min(1).describe('What it does, in words.'),
  inject: httpRequest.describe('The request that makes it.'),
  undo: httpRequest.describe('The request that ends it.'),
  lasts: duration.describe('How long it lasts if nobody ends it.'),
  alsoFires: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'The alerting rules that it may make fire besides the one it is made for, none when empty. When not given it may be any: then it is not made without --allow-paging where any of them could wake somebody.',
    ),
});
