import { z } from 'zod';
import { hostOf, listenAddress, portOf } from '../alert/listen-address.ts';
import { duration, timeAllowed } from '../base/duration.ts';
import { secret } from '../base/secret.ts';
import { maintenance } from './schedule-schema.ts';
import { name, text, variables } from './schema-words.ts';

/** Where checks are looked for when a project does not say it. */
export const usualChecks = ['checks/**/*.yaml', 'checks/**/*.yml', 'checks/**/*.check.ts'] as const;

/** Named as checks are, and not looked for: told, since a check that is not run is not missed. */
export const unusualChecks = 'checks/**/*.check.{json,js,mjs,cjs,mts,cts}';

const retention = z
  .strictObject({
    detailed: duration.prefault('90d').describe('how long every result is kept'),
    rolledUp: duration.prefault('1y').describe('how long what is summed up of them is kept'),
  })
  .refine(({ detailed, rolledUp }) => rolledUp >= detailed, { path: ['rolledUp'], error: 'must be at least as long as "detailed"' })
  .prefault({})
  .describe('how long results are kept');

/** The project file, `liveproof.yaml`. */
export const projectFile = z.strictObject({
  name: name.describe('what the project is called, in results and metrics'),
  variables: variables.default({}),
  checks: z
    .array(text)
    .min(1)
    .optional()
    .describe(`check files (YAML, or TypeScript with defineCheck), or patterns such as ${usualChecks[0]}, relative to this file`),
  place: name.default('local').describe('where this one runs its checks from'),
  store: z
    .strictObject({ path: text.default('.liveproof/results.sqlite').describe('the file of results, relative to this one'), retention })
    .prefault({})
    .describe('where results are kept'),
  listen: listenAddress
    .prefault('127.0.0.1:9464')
    .transform((listen) => ({ host: hostOf(listen), port: portOf(listen) }))
    .describe('where /metrics is served'),
  maintenance: maintenance.describe('when no check is run, and why'),
  limits: z
    .strictObject({
      checks: z
        .int()
        .min(1)
        .max(10_000)
        .default(16)
        .describe(
          'how many checks are busy at the same time, heavy ones apart; one that has waited for its target for 50 ms counts a fiftieth',
        ),
      heavy: z.int().min(1).max(100).default(2).describe('how many checks run at the same time that start programs: browsers and k6'),
    })
    .prefault({})
    .describe('what the machine can bear: a busy machine measures itself'),
  references: z
    .array(
      z
        .string()
        .regex(/^(\[[\da-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i, 'is not a host and a port: write 192.0.2.1:443')
        .meta({ expects: 'host:port' }),
    )
    .max(10)
    .default([])
    .describe('tried when no target answers: having nothing to do with any, they tell a lost network'),
  heartbeats: z
    .strictObject({ token: secret().min(16).describe('what senders put behind `Authorization: Bearer`; at least 16 characters') })
    .optional()
    .describe('lets jobs and machines send heartbeats to `liveproof watch`'),
  otlp: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .transform((url) => url.replace(/\/+$/, ''))
        .describe('the base of an OTLP/HTTP receiver, such as http://localhost:4318'),
      headers: z.record(z.string(), secret()).default({}).describe('sent with every push; never stored or shown'),
      every: timeAllowed.prefault('1m').describe('how often metrics are pushed'),
    })
    .optional()
    .describe('where metrics are pushed to, beside being served'),
});
