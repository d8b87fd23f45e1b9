import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { secret } from '../../src/base/secret.ts';
import { locate } from '../../src/config/locate.ts';
import { readNode } from '../../src/config/read-node.ts';
import { checkKeys } from '../../src/config/check-schema.ts';
import { environmentFile, gateFile, itemKeys } from '../../src/config/schema.ts';
import { channelName } from '../../src/gate/reference.ts';

/** What reading `text` by a schema of the key `a` says. */
function faultsOf(schema: z.ZodType, text: string): readonly string[] {
  const located = locate('a.yaml', text);
  if (!located.ok) throw new Error(text);
  const { explanations } = readNode(z.strictObject({ a: schema }), located.root);
  return explanations.map(({ fault: { code, message, hint, place } }) => {
    const marked = place?.source.slice(place.column - 1, place.column - 1 + place.length);
    return `${code} ${message}${hint === undefined ? '' : ` (${hint})`} @ ${String(marked)}`;
  });
}

describe('every sort of fault that a schema can find is told in our words', () => {
  const branch = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('up') }),
    z.strictObject({ kind: z.literal('down'), by: z.number() }),
  ]);

  test.each<[string, z.ZodType, string, string]>([
    ['a missing list', z.array(z.string()), 'b: 1', 'config/missing-key missing key "a" ("a" must be a list) @ b: 1'],
    ['a missing choice', z.enum(['x', 'y']), '{}', 'config/missing-key missing key "a" ("a" must be "x" or "y") @ {}'],
    ['a missing union', z.union([z.string(), z.number()]), '{}', 'config/missing-key missing key "a" ("a" must be text or a number) @ {}'],
    ['a missing literal', z.literal(3), '{}', 'config/missing-key missing key "a" ("a" must be 3) @ {}'],
    ['a wrong literal', z.literal(3), 'a: 4', 'config/bad-value "a" must be 3, not 4 @ 4'],
    ['a truth value', z.boolean(), 'a: yes', 'config/wrong-type "a" must be true or false, not "yes" @ yes'],
    ['a map', z.record(z.string(), z.number()), 'a: [1]', 'config/wrong-type "a" must be a map, not a list @ [1]'],
    ['a value in a map', z.record(z.string(), z.number()), 'a: { b: x }', 'config/wrong-type "b" must be a number, not "x" @ x'],
    ['a whole number', z.int(), 'a: 1.5', 'config/wrong-type "a" must be a whole number, not 1.5 @ 1.5'],
    ['too small', z.number().min(1), 'a: 0', 'config/bad-value "a" must be at least 1, not 0 @ 0'],
    ['not above', z.number().gt(0), 'a: 0', 'config/bad-value "a" must be more than 0, not 0 @ 0'],
    ['too large', z.int().max(9), 'a: 10', 'config/bad-value "a" must be at most 9, not 10 @ 10'],
    ['not below', z.number().lt(9), 'a: 9', 'config/bad-value "a" must be less than 9, not 9 @ 9'],
    ['a step', z.number().multipleOf(5), 'a: 7', 'config/bad-value "a" must be a multiple of 5, not 7 @ 7'],
    ['too short', z.string().min(3), 'a: xy', 'config/bad-value "a" must have at least 3 characters @ xy'],
    ['too long', z.string().max(3), 'a: wxyz', 'config/bad-value "a" must have at most 3 characters @ wxyz'],
    ['too few', z.array(z.number()).min(2), 'a: [1]', 'config/bad-value "a" must have at least 2 entries @ [1]'],
    ['too many', z.array(z.number()).max(1), 'a: [1, 2]', 'config/bad-value "a" must have at most 1 entries @ [1, 2]'],
    ['a pattern', z.string().regex(/^x/), 'a: y', 'config/bad-value "a" must be text that matches /^x/, not "y" @ y'],
    ['a pattern explained', z.string().regex(/^x/, 'begins with x'), 'a: y', 'config/bad-value "a": begins with x @ y'],
    ['a start', z.string().startsWith('x'), 'a: y', 'config/bad-value "a" must be text that starts with "x", not "y" @ y'],
    ['a form of text', z.uuid(), 'a: y', 'config/bad-value "a" must be text in the form "uuid", not "y" @ y'],
    ['a rule of its own', z.number().refine(() => false, 'must be lucky'), 'a: 7', 'config/bad-value "a": must be lucky @ 7'],
    ['a tuple', z.tuple([z.number(), z.string()]), 'a: [1, 2]', `config/wrong-type "a[1]" must be text, not 2 (put it in quotes: '2') @ 2`],
    ['a default', z.string().default('x'), 'a: 1', `config/wrong-type "a" must be text, not 1 (put it in quotes: '1') @ 1`],
    [
      'an unknown branch',
      branch,
      'a: { kind: dwn }',
      'config/unknown-kind "kind" must be "up" or "down", not "dwn" (did you mean "down"?) @ dwn',
    ],
    ['a branch unnamed', branch, 'a: { by: 1 }', 'config/missing-key missing key "kind" ("kind" must be "up" or "down") @ a'],
    ['within a branch', branch, 'a: { kind: down, bye: 1 }', 'config/unknown-key unknown key "bye" (did you mean "by"?) @ bye'],
    [
      'a side of two',
      z.intersection(z.looseObject({ x: z.number() }), z.looseObject({ y: z.number() })),
      'a: { x: 1, y: b }',
      'config/wrong-type "y" must be a number, not "b" @ b',
    ],
    ['itself', z.lazy(() => z.number()), 'a: b', 'config/wrong-type "a" must be a number, not "b" @ b'],
    ['what is prepared', z.preprocess((value) => value, z.number()), 'a: b', 'config/wrong-type "a" must be a number, not "b" @ b'],
    ['a secret', secret(), 'a: 1234', 'config/wrong-type "a" must be text, not a number (put it in quotes) @ 1234'],
    ['a value of its kind of text', z.string().meta({ expects: 'a colour' }), 'a: 1', 'config/wrong-type "a" must be a colour, not 1 @ 1'],
    [
      'a long text',
      z.number(),
      `a: ${'x'.repeat(99)}`,
      `config/wrong-type "a" must be a number, not "${'x'.repeat(40)}…" @ ${'x'.repeat(99)}`,
    ],
  ])('%s', (_, schema, text, expected) => {
    const faults = faultsOf(schema, text);
    expect(faults.find((fault) => !fault.includes('unknown key "b"'))).toBe(expected);
  });

  test('a rule about a whole map stands at its name', () => {
    const schema = z.strictObject({ x: z.number() }).refine(() => false, 'give "x" or "y", not both');
    expect(faultsOf(schema, 'a: { x: 1 }')).toEqual(['config/bad-value "a": give "x" or "y", not both @ { x: 1 }']);
    expect(
      faultsOf(
        z.strictObject({ x: z.number(), y: z.number() }).refine(() => false, 'give "x" or "y", not both'),
        'a:\n  x: 1\n  y: 2\n',
      ),
    ).toEqual(['config/bad-value "a": give "x" or "y", not both @ a']);
  });

  test('a rule that points at what is not there stands at what is', () => {
    const schema = z.strictObject({ x: z.number() }).superRefine((_, context) => {
      context.addIssue({ code: 'custom', message: 'needs company', path: ['y'] });
    });
    expect(faultsOf(schema, 'a: { x: 1 }')).toEqual(['config/bad-value "y": needs company @ a']);
  });
});

describe('what a schema says of a field', () => {
  const read = (schema: z.ZodType, text: string) => {
    const located = locate('a.yaml', text);
    if (!located.ok) throw new Error(text);
    return readNode(schema, located.root).marked.map(({ node, meta }) => [node.value, meta['secret'] ?? meta['reference'] ?? meta['path']]);
  };

  test('is found through everything that can be around it', () => {
    const schema = z.object({
      optional: secret().optional(),
      changed: channelName().transform((name) => name.length),
      list: z.array(secret()),
      record: z.record(z.string(), secret()),
      either: z.union([z.strictObject({ plain: z.string() }), z.strictObject({ hidden: secret() })]),
      lazy: z.lazy(() => z.object({ script: z.string().meta({ path: true }) })).default({ script: 'x' }),
      described: secret().describe('a secret, described'),
    });
    const text = `optional: s1\nchanged: oncall\nlist: [s2]\nrecord: { x: s3 }\neither: { hidden: s4 }\nlazy: { script: a.ts }\ndescribed: s5\n`;
    expect(read(schema, text)).toEqual([
      ['s1', true],
      ['oncall', 'channel'],
      ['s2', true],
      ['s3', true],
      ['s4', true],
      ['a.ts', true],
      ['s5', true],
    ]);
  });

  test('holds only for the form that a value has', () => {
    const schema = z.object({
      either: z.union([z.strictObject({ name: z.string() }), z.strictObject({ name: secret(), other: z.string() })]),
    });
    expect(read(schema, 'either: { name: x }')).toEqual([]);
    expect(read(schema, 'either: { name: x, other: y }')).toEqual([['x', true]]);
  });
});

test('the schemas of files can be published as JSON Schema, with what each key is for', () => {
  for (const schema of [gateFile, environmentFile, itemKeys, checkKeys]) {
    const { properties } = z.toJSONSchema(schema, { io: 'input' });
    expect(Object.keys(properties ?? {})).toEqual(Object.keys(schema.shape));
  }
  expect(z.toJSONSchema(gateFile, { io: 'input' }).properties).toMatchObject({
    checks: { description: 'check files, YAML or TypeScript, relative to this one' },
  });
});
