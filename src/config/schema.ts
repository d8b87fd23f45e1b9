import { z } from 'zod';
import { duration, timeAllowed } from '../base/duration.ts';
import { secret } from '../base/secret.ts';
import { itemId } from '../gate/reference.ts';
import { waiver } from '../gate/waiver.ts';
import { name, refs, text, variables } from './schema-words.ts';

const server = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('where the server answers, such as http://localhost:9090'),
  // An empty token is none, so that `token: '${PROMETHEUS_TOKEN:-}'` makes it optional.
  token: z
    .string()
    .meta({ secret: true, description: 'sent as a bearer token' })
    .transform((token) => (token === '' ? undefined : token))
    .optional(),
});

const replicatedServer = server.extend({
  replicas: z.array(server).optional().describe('the others that stand in for it, each with its own address'),
});

const rotation = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .prefault('https://api.pagerduty.com')
      .transform((url) => url.replace(/\/+$/, ''))
      .describe("PagerDuty's REST API"),
    token: secret().describe('an API key that may read'),
    escalationPolicy: text.describe('the id of the escalation policy whose people are on call'),
  })
  .describe('where it stands who is on call');

const deadMan = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .prefault('https://healthchecks.io')
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Healthchecks.io, or a Healthchecks of your own'),
    apiKey: secret().describe('a read-write API key of its project: a read-only one shows neither pings nor whom it tells'),
    check: z
      .uuid()
      .meta({ secret: true, description: 'the id of the check, the last part of its ping URL: whoever knows it can keep it quiet' }),
  })
  .describe("the dead-man's switch that the watchdog alert keeps quiet");

const person = z.strictObject({
  email: z.email().describe('the address by which rotations and boards know them'),
  roles: z.array(text).default([]).describe('what boards may be limited to'),
  password: z
    .string()
    .meta({ secret: true, description: 'their own, with which boards are opened as them' })
    .transform((password) => (password === '' ? undefined : password))
    .optional(),
});

/** The keys that every item has, whatever its proof; the others belong to the proof kind. */
export const itemKeys = z.strictObject({
  id: name.describe('a short name for the item, used by needs and --only'),
  ref: refs,
  statement: text.optional().describe('what is claimed, as the report will say it; the id when left out'),
  severity: text.optional().describe('how bad it is when this does not hold, in your own words'),
  proof: text.describe('the kind of proof'),
  grade: text.optional().describe("how far it must be proven: a rung of the proof's ladder"),
  needs: z.array(itemId()).default([]).describe('ids of items that must be proven first'),
  timeout: timeAllowed.prefault('30m').describe('the time allowed for the whole proof'),
});

/** The keys that every channel has; the others belong to the channel kind. */
export const channelKeys = z.strictObject({
  kind: text.describe('the kind of channel'),
});

const waiverRules = z
  .strictObject({
    items: z.array(itemId()).default([]).describe('ids of items that may be waived'),
    severities: z.array(text).default([]).describe('severities of which every item may be waived'),
    longest: duration.prefault('30d').describe('how far away the end of a waiver may be'),
  })
  .describe('what may be waived; nothing when it is not given');
const waivers = z.array(waiver).describe('items that somebody allows to be left unproven for a while');

/** A gate file. Items and channels are open here: each is read by the schema of its own kind. */
export const gateFile = z.strictObject({
  gate: name.describe('a short name for the gate; reports are kept under it'),
  title: text.optional().describe('what the gate is about, for people; the name when left out'),
  ref: refs,
  variables: variables.default({}),
  stack: z
    .strictObject({
      prometheus: replicatedServer.optional().describe('a Prometheus, or a VictoriaMetrics'),
      rules: server.optional().describe('who runs the alerting rules when the server of metrics does not: vmalert'),
      alertmanager: replicatedServer.optional(),
      boards: server.optional().describe("a Grafana, or liveproof's own board server"),
      rotation: rotation.optional(),
      deadMan: deadMan.optional(),
    })
    .default({})
    .describe('the servers that the gate questions'),
  channels: z.record(name, z.looseObject({})).default({}).describe('the ways to reach people, by name'),
  checks: z.array(text).default([]).describe('check files, YAML or TypeScript, relative to this one'),
  people: z.record(name, person).default({}).describe('who uses what is proven, by name'),
  boards: z.array(text).default([]).describe('board files, relative to this one'),
  policy: z
    .strictObject({
      maxAge: duration.prefault('24h').describe('how old a report may be before it no longer counts'),
      waivers: waiverRules.optional(),
    })
    .prefault({})
    .describe('what the decision must respect'),
  include: z.array(text).default([]).describe('files with further items and waivers, relative to this one'),
  items: z.array(z.looseObject({})).min(1).describe('the lines of the checklist'),
  waivers: waivers.default([]),
});

/** A file of items that a gate includes, of waivers, or of both. */
export const itemsFile = z
  .strictObject({
    items: z.array(z.looseObject({})).min(1).optional().describe('lines of the checklist'),
    waivers: waivers.optional(),
  })
  .refine(({ items, waivers: given }) => items !== undefined || given !== undefined, {
    path: ['items'],
    error: 'is missing, and so is "waivers"',
  });

const changes = z.record(z.string(), z.unknown()).default({});

/** An environment file: what differs from the gate file. Its parts are checked where they land, in the merged gate. */
export const environmentFile = z.strictObject({
  environment: name.describe('the name of the environment: the name of this file'),
  because: text.optional().describe('why it differs; shown on the report'),
  variables: variables.default({}),
  stack: changes,
  channels: changes,
  people: changes,
  policy: changes,
  items: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .meta({ expects: 'a map of item ids, each with the keys that change' })
    .default({}),
});
