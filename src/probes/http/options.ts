import { z } from 'zod';
import { timeLimit } from '../../base/duration.ts';

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
  contains: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Texts that the body contains.'),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Texts that the values of these headers contain, in capitals or small letters.'),
});

const step = z
  .strictObject({
    name: z.string().min(1).optional().describe('What the step is called in reasons.'),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
    url: z
      .string()
      .regex(/^(https?:\/\/|\{\{)/)
      .meta({ expects: 'a URL that starts with http:// or https://' }),
    headers: z.record(z.string(), z.string()).optional(),
    json: z.json().optional().describe('The body, sent as `application/json`.'),
    body: z.string().optional().describe('The body as it is.'),
    expect: expectation.prefault({}),
    take: z.record(takenName, path).optional().describe('Names for values in the JSON answer; later steps write them as `{{name}}`.'),
    until: z
      .strictObject({ within: timeLimit, every: timeLimit.prefault('500ms') })
      .optional()
      .describe('Asks again until the expectation holds.'),
    timeout: timeLimit.prefault('10s').describe('Time for one request, answer included.'),
  })
  .refine(({ json, body }) => json === undefined || body === undefined, 'give "json" or "body", not both');

export const httpOptions = z.strictObject({ steps: z.array(step).min(1) }).superRefine(({ steps }, context) => {
  const known = new Set<string>();
  for (const [index, each] of steps.entries()) {
    for (const name of placeholdersIn([each.url, each.headers, each.json, each.body])) {
      if (!known.has(name)) {
        context.addIssue({
          code: 'custom',
          path: ['steps', index],
          message: `no earlier step takes "${name}", which is written here as {{${name}}}`,
        });
      }
    }
    Object.keys(each.take ?? {}).forEach((name) => known.add(name));
  }
});

export type HttpOptions = z.output<typeof httpOptions>;
export type HttpStep = HttpOptions['steps'][number];

export const placeholder = /\{\{(\w+)\}\}/g;

function placeholdersIn(value: unknown): Set<string> {
  return new Set([...JSON.stringify(value).matchAll(placeholder)].map((match) => match[1] ?? ''));
}
