import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { channels } from '../../src/channels/index.ts';
import { jsonSchemaOf, schemaParts, type SchemaPart } from '../../src/config/json-schema.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { sampleOptions } from '../contract/samples.ts';

const root = path.join(import.meta.dirname, '../..');
// Formats are the loader's and the editor's business.
const ajv = new Ajv({
  strict: true,
  allErrors: true,
  validateFormats: false,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
});
const schemas = Object.fromEntries(schemaParts.map((part) => [part, ajv.compile(jsonSchemaOf(part, { proofs, channels, probes }))]));

function complaints(part: SchemaPart, value: unknown): readonly string[] {
  const validate = schemas[part];
  if (validate === undefined || Boolean(validate(value))) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

const places: readonly (readonly [SchemaPart, string])[] = [
  ['gate', 'gates/*/gate.yaml'],
  ['items', 'gates/*/items/*.yaml'],
  ['environment', 'gates/*/environments/*.yaml'],
  ['check', 'checks/*/*.yaml'],
  ['board', 'gates/*/boards/*.yaml'],
];

it.each(places)('accepts every %s file that there is, in %s', async (part, pattern) => {
  const files = await Array.fromAsync(glob(pattern, { cwd: root }));
  expect(files).not.toEqual([]);
  for (const file of files) {
    const value: unknown = parse(await readFile(path.join(root, file), 'utf8'), { merge: true });
    expect([file, ...complaints(part, value)]).toEqual([file]);
  }
});

const samples = sampleOptions(9);
const gateWith = (more: object) => ({ gate: 'small', items: [{ id: 'kept', proof: 'retention', atLeast: '30d' }], ...more });

it.each(Object.entries(samples.proofs))('accepts an item with the proof %s, and refuses it with a key that nobody knows', (proof, keys) => {
  const item = { id: 'one', proof, ...keys };
  expect(complaints('items', { items: [item] })).toEqual([]);
  expect(complaints('items', { items: [{ ...item, nobodyKnows: 1 }] })).toContainEqual(
    expect.stringContaining('/items/0 must NOT have additional properties {"additionalProperty":"nobodyKnows"}'),
  );
});

it.each(Object.entries(samples.channels))(
  'accepts a channel of the kind %s, and refuses one without anything that it needs',
  (kind, options) => {
    expect(complaints('gate', gateWith({ channels: { one: { kind, ...options } } }))).toEqual([]);
    expect(complaints('gate', gateWith({ channels: { one: { kind } } }))).toContainEqual(
      expect.stringContaining('must have required property'),
    );
  },
);

it.each([
  [
    'a severity that is no text',
    gateWith({ items: [{ id: 'kept', proof: 'retention', atLeast: '30d', severity: 1 }] }),
    '/items/0/severity must be string',
  ],
  [
    'a proof that does not exist',
    gateWith({ items: [{ id: 'kept', proof: 'retentions' }] }),
    '/items/0/proof must be equal to one of the allowed values',
  ],
  [
    'an item without what its proof needs',
    gateWith({ items: [{ id: 'kept', proof: 'retention' }] }),
    "must have required property 'atLeast'",
  ],
  [
    'a number in words',
    gateWith({ items: [{ id: 's', proof: 'scrape', job: 'a', interval: '15s', over: 'three' }] }),
    '/items/0/over must be integer',
  ],
  ['a misspelt key', gateWith({ chanels: {} }), '"additionalProperty":"chanels"'],
  ['neither items nor files of them', { gate: 'small' }, "must have required property 'items'"],
])('refuses %s', (_, value, complaint) => {
  expect(complaints('gate', value)).toContainEqual(expect.stringContaining(complaint));
});

it.each([
  ['a number', { over: '${SCRAPES}' }],
  ['a number with a default', { over: '${SCRAPES:-3}' }],
])('accepts a variable in place of %s', (_, more) => {
  expect(complaints('gate', gateWith({ items: [{ id: 's', proof: 'scrape', job: 'a', interval: '${EVERY}', ...more }] }))).toEqual([]);
});

it('tells an editor what every key is for', () => {
  const { properties } = jsonSchemaOf('gate', { proofs, channels, probes }) as {
    readonly properties: Readonly<Record<string, { description?: string }>>;
  };
  expect(
    Object.entries(properties)
      .filter(([, { description }]) => description === undefined)
      .map(([key]) => key),
  ).toEqual([]);
  expect(JSON.stringify(properties)).not.toMatch(/"(secret|reference|expects)":/);
});
