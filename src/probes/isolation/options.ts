import { z } from 'zod';
import { timeAllowed } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const status = z.int().min(100).max(599);
const jsonPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/)
  .meta({ expects: 'a path such as data.token or items.0.id' });
const takenName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/)
  .meta({ expects: 'a name of letters, digits and "_"' });
const path = z.string().regex(/^\//).meta({ expects: 'a path that starts with "/"' });
const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET');

const tenant = z.strictObject({
  name: z.string().min(1).max(100).describe('What the tenant is called in reasons.'),
  credentials: z
    .record(takenName, secret())
    .default({})
    .describe('Values for the sign-in and the headers, which write them as `{{name}}`.'),
});

const route = z.strictObject({
  method,
  path: path.describe("A path that leads to one of the owner's things, with `{{name}}` for what was taken."),
  json: z.json().optional().describe('The body, sent as `application/json`.'),
  control: path
    .optional()
    .describe(
      'What the owner reads afterwards, to see that the thing is there; the path itself for GET and HEAD. A route that changes things needs it.',
    ),
  refusedWith: z.array(status).min(1).optional().describe('The statuses that are a refusal here.'),
});

export const isolationOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Where the application answers; the paths are below it.'),
    intruder: tenant.describe("Who reaches for the other tenant's things."),
    owner: tenant.describe('Whose things they are.'),
    signIn: z
      .strictObject({
        method: method.default('POST'),
        path,
        json: z.json().optional().describe('The body, with `{{name}}` for credentials.'),
        form: z.record(z.string(), z.string()).optional().describe('The same as a form, instead of "json".'),
        take: z.record(takenName, jsonPath).default({}).describe('Names for values in the answer, for the headers.'),
      })
      .optional()
      .describe('How both sign in. The cookies that the answer sets are kept.'),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('Sent with every request, with `{{name}}` for credentials and for what the sign-in gave.'),
    signedIn: path.describe(
      'A path that is answered with 2xx to whoever is signed in: asked as both before, and as the intruder again at the end.',
    ),
    find: z
      .array(z.strictObject({ path, take: z.record(takenName, jsonPath) }))
      .default([])
      .describe("Requests of the owner, made first: they take the ids of the owner's things."),
    markers: z
      .array(z.string().min(3).max(500))
      .max(50)
      .default([])
      .describe("Texts that only the owner's things hold; the intruder may see none of them."),
    refusedWith: z.array(status).min(1).default([401, 403, 404]).describe('The statuses that are a refusal.'),
    routes: z.array(route).min(1).max(500).describe('Every way to the things: each is tried.'),
    requestTimeout: timeAllowed.prefault('10s').describe('Time for one request, answer included.'),
  })
  .superRefine(({ routes, refusedWith, markers, signIn, find }, context) => {
    const found = new Set(find.flatMap(({ take }) => Object.keys(take)));
    const fault = (at: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path: at, message });
    if (signIn?.json !== undefined && signIn.form !== undefined) fault(['signIn'], 'give "json" or "form", not both');
    for (const [index, each] of routes.entries()) {
      const at = ['routes', index];
      if (each.control === undefined && each.method !== 'GET' && each.method !== 'HEAD')
        fault(at, `a route with ${each.method} needs a "control" that the owner reads afterwards`);
      if (markers.length === 0 && (each.refusedWith ?? refusedWith).some((one) => one < 300))
        fault(at, 'a refusal with a status of 2xx can be told from a leak only by "markers"');
      for (const name of placeholdersIn([each.path, each.json, each.control]))
        if (!found.has(name)) fault(at, `nothing in "find" takes "${name}", which is written here as {{${name}}}`);
    }
  });
export type IsolationOptions = z.output<typeof isolationOptions>;
export type Route = IsolationOptions['routes'][number];
export type Tenant = IsolationOptions['owner'];

export const placeholder = /\{\{(\w+)\}\}/g;

function placeholdersIn(value: unknown): Set<string> {
  return new Set([...JSON.stringify(value).matchAll(placeholder)].map((match) => match[1] ?? ''));
}
