import { z } from 'zod';
import { timeAllowed } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

/** Anything deeper than a single value is reached by a longer path. */
const scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
const status = z.int().min(100).max(599);
const path = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/)
  .meta({ expects: 'a path such as database.status or items.0.id' });
const takenName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/)
  .meta({ expects: 'a name of letters, digits and "_"' });

const expectation = z.strictObject({
  status: z
    .union([status, z.array(status).min(1)])
    .optional()
    .describe('The status, or several that will do; any 2xx when it is left out.'),
  json: z.record(path, scalar).optional().describe('Values in the JSON answer, by their paths.'),
  schema: z
    .record(z.string(), z.json())
    .optional()
    .describe('A JSON Schema of the answer; draft 2020-12, or draft-07 where `$schema` says so.'),
  contains: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Texts that the body contains.'),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Texts that the values of these headers contain, in capitals or small letters.'),
});

const auth = z.union([
  z.strictObject({ user: z.string().min(1), password: secret() }),
  z.strictObject({ token: secret().describe('Sent as a bearer token.') }),
]);

export const httpStep = z
  .strictObject({
    name: z.string().min(1).optional().describe('What the step is called in reasons, and in assertions: `sign in: total < 1s`.'),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
    url: z
      .string()
      .regex(/^(https?:\/\/|\{\{)/)
      .meta({ expects: 'a URL that starts with http:// or https://' }),
    headers: z.record(z.string(), z.string()).optional(),
    auth: auth.optional().describe('Who asks: a user with a password, or a token.'),
    json: z.json().optional().describe('The body, sent as `application/json`.'),
    body: z.string().optional().describe('The body as it is.'),
    redirects: z
      .int()
      .min(0)
      .max(20)
      .optional()
      .describe('How many redirects are followed; otherwise none is, and a redirect is the answer.'),
    expect: expectation.prefault({}),
    take: z.record(takenName, path).optional().describe('Names for values in the JSON answer; later steps write them as `{{name}}`.'),
    until: z
      .strictObject({ within: timeAllowed, every: timeAllowed.prefault('500ms') })
      .optional()
      .describe('Asks again until the expectation holds.'),
    timeout: timeAllowed.prefault('10s').describe('Time for one request, redirects and answer included.'),
  })
  .refine(({ json, body }) => json === undefined || body === undefined, 'give "json" or "body", not both')
  .refine(
    ({ auth: who, headers = {} }) => who === undefined || !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'),
    'give "auth" or the header authorization, not both',
  );
export type HttpStep = z.output<typeof httpStep>;

export const placeholder = /\{\{(\w+)\}\}/g;

/** The names that a step writes as `{{name}}`. */
export function namesIn({ url, headers, auth: who, json, body }: HttpStep): readonly string[] {
  const text = JSON.stringify([url, headers, who, json, body]);
  return text.includes('{{') ? [...new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? ''))] : [];
}
