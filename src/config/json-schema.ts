import { z } from 'zod';
import { board } from '../board/board.ts';
import type { ReferenceTo } from '../gate/reference.ts';
import { checkKeys } from './check-schema.ts';
import type { Kinds } from './load-gate.ts';
import { projectFile } from './project-schema.ts';
import { channelKeys, environmentFile, gateFile, itemKeys, itemsFile } from './schema.ts';

/** The files that a gate is made of, and the project file. */
export const schemaParts = ['gate', 'items', 'environment', 'check', 'board', 'project'] as const;
export type SchemaPart = (typeof schemaParts)[number];

type Json = Record<string, unknown>;

/** The names that one gate has: with them, an editor completes and checks references too. */
export type KnownNames = Readonly<Record<ReferenceTo, readonly string[]>>;

/** What editors are asked to read. Draft 7 is the one that all of them know. */
const target = 'draft-7';
const variable = '#/definitions/variable';

/**
 * The JSON Schema of one of these files as people write it, with the keys of every kind. It helps while writing: what
 * only a loader can see (names that must be there somewhere, durations in words) stays for the loader.
 */
export function jsonSchemaOf(part: SchemaPart, kinds: Kinds, names?: KnownNames): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `liveproof: ${part} file`,
    definitions: {
      variable: { type: 'string', pattern: String.raw`\$\{[A-Za-z_]\w*(:-[^}\n]*)?\}`, description: 'A variable of the gate: ${NAME}.' },
    },
    ...bodyOf(part, kinds, (schema) => written(schema, names)),
  };
}

type Write = (schema: z.core.$ZodType) => Json;

function bodyOf(part: SchemaPart, { proofs, channels, probes }: Kinds, write: Write): Json {
  const items = (): Json => ({
    type: 'array',
    description: 'the lines of the checklist',
    minItems: 1,
    items: byKind(
      write,
      'proof',
      itemKeys,
      new Map([...proofs].map(([kind, { requirement, summary }]) => [kind, { own: requirement, summary }])),
    ),
  });
  switch (part) {
    case 'gate': {
      const gate = write(gateFile);
      const kindsOfChannel = new Map([...channels].map(([kind, { options, summary }]) => [kind, { own: options, summary }]));
      const properties = { ...(gate['properties'] as Json), items: items() };
      const named = (properties as Json)['channels'] as Json;
      (properties as Json)['channels'] = { ...named, additionalProperties: byKind(write, 'kind', channelKeys, kindsOfChannel) };
      // Items may all stand in files of their own.
      const required = (gate['required'] as readonly string[]).filter((key) => key !== 'items');
      return { ...gate, properties, required, anyOf: [{ required: ['items'] }, { required: ['include'] }] };
    }
    case 'items': {
      const file = write(itemsFile);
      return { ...file, properties: { ...(file['properties'] as Json), items: items() } };
    }
    case 'check':
      return byKind(
        write,
        'probe',
        checkKeys,
        new Map([...probes].map(([kind, { options, summary }]) => [kind, { own: options, summary }])),
      );
    case 'environment':
      return write(environmentFile);
    case 'board':
      return write(board);
    case 'project':
      return write(projectFile);
  }
}

interface KindSchema {
  readonly own: z.core.$ZodType;
  readonly summary: string;
}

/** One branch for each kind, chosen by its name: an editor then complains about that kind's keys and not about all of them. */
function byKind(write: Write, key: string, common: z.ZodObject, kinds: ReadonlyMap<string, KindSchema>): Json {
  const shared = write(common);
  const branches = [...kinds].map(([kind, { own, summary }]) => {
    const schema = write(own);
    const properties = {
      ...(shared['properties'] as Json),
      ...(schema['properties'] as Json),
      [key]: { const: kind, description: summary },
    };
    const required = [...new Set([...((shared['required'] ?? []) as string[]), ...((schema['required'] ?? []) as string[])])];
    return {
      if: { properties: { [key]: { const: kind } }, required: [key] },
      // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so.
      then: { properties, required, additionalProperties: schema['additionalProperties'] ?? false },
    };
  });
  return {
    type: 'object',
    properties: { [key]: { enum: [...kinds.keys()], description: descriptionOf(shared, key) } },
    required: [key],
    allOf: branches,
  };
}

function descriptionOf(schema: Json, key: string): unknown {
  return ((schema['properties'] as Json)[key] as Json | undefined)?.['description'];
}

/** A schema as people write what it reads: before defaults and conversions, and with variables in place of anything that is no map or list. */
function written(schema: z.core.$ZodType, names: KnownNames | undefined): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target,
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json;
  return withVariables(json, names);
}

/** Marks of our own say nothing to an editor. What refers to itself is any JSON at all, and is left open. */
const leftOut = new Set(['secret', 'reference', 'path', 'expects', 'definitions', '$ref']);

function withVariables(schema: Json, names: KnownNames | undefined): Json {
  const known = names?.[schema['reference'] as ReferenceTo] ?? [];
  const own: Json = { ...withoutMarks(schema, (inner) => withVariables(inner, names)), ...(known.length === 0 ? {} : { enum: known }) };
  if (!isNarrowerThanText(own)) return own;
  const { description, default: fallback, ...rest } = own;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, { $ref: variable }],
  };
}

function withoutMarks(schema: Json, change: (inner: Json) => Json): Json {
  const inner = (value: unknown): unknown => (isObject(value) ? change(value) : value);
  const entries = Object.entries(schema)
    .filter(([key]) => !leftOut.has(key))
    .map(([key, value]) => {
      if (key === 'properties') return [key, mapValues(value as Json, inner)] as const;
      if (key === 'items' || key === 'additionalProperties') return [key, inner(value)] as const;
      if (key === 'anyOf' || key === 'oneOf' || key === 'allOf') return [key, (value as Json[]).map(inner)] as const;
      // Keys are never variables.
      if (key === 'propertyNames') return [key, withoutMarks(value as Json, (each) => each)] as const;
      return [key, value] as const;
    });
  return Object.fromEntries(entries);
}

function isNarrowerThanText(schema: Json): boolean {
  const { type } = schema;
  if (type === 'number' || type === 'integer' || type === 'boolean' || 'enum' in schema || 'const' in schema) return true;
  return type === 'string' && ['pattern', 'format', 'minLength', 'maxLength'].some((key) => key in schema && schema[key] !== 1);
}

function mapValues(map: Json, change: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
