import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';

/** The part of JSON Schema that zod writes. */
interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly [key: string]: unknown;
}

export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
}

/** Every schema inside of a schema, itself first. */
export function schemasIn(schema: JsonSchema): readonly JsonSchema[] {
  const lists = [
    schema.anyOf,
    schema.oneOf,
    schema.allOf,
    schema.prefixItems,
    Object.values(schema.properties ?? {}),
    Object.values(schema.$defs ?? {}),
  ];
  const single = [schema.items, schema.additionalProperties].filter((each) => typeof each === 'object');
  return [schema, ...[...lists.flatMap((list) => list ?? []), ...single].flatMap(schemasIn)];
}

/** Arbitrary values that a schema accepts, strange ones among them. */
export function anyValue(schema: z.ZodType): Arbitrary<unknown> {
  const root = jsonSchemaOf(schema, 'output');
  const made = fc.letrec<Record<string, unknown>>((tie) =>
    Object.fromEntries([
      ...Object.entries(root.$defs ?? {}).map(([name, each]) => [`#/$defs/${name}`, arbitraryOf(each, tie)]),
      ['#', arbitraryOf(root, tie)],
    ]),
  );
  // What JSON Schema cannot say (refinements) is asked of the schema itself.
  return (made['#'] ?? fc.constant(undefined)).filter((value) => schema.safeParse(value).success);
}

type Tie = (name: string) => Arbitrary<unknown>;

function arbitraryOf(schema: JsonSchema, tie: Tie): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return tie(schema.$ref);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined)
    return fc.oneof({ maxDepth: 3, depthIdentifier: 'branches' }, ...branches.map((each) => arbitraryOf(each, tie)));
  if (schema.allOf !== undefined)
    return fc.tuple(...schema.allOf.map((each) => arbitraryOf(each, tie))).map((parts) => Object.assign({}, ...parts) as unknown);
  const types = [schema.type ?? []].flat();
  return fc.oneof(...(types.length === 0 ? ['null', 'string'] : types).map((type) => arbitraryOfType(type, schema, tie)));
}

function arbitraryOfType(type: string, schema: JsonSchema, tie: Tie): Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objects(schema, tie);
    case 'array':
      return schema.prefixItems === undefined
        ? fc.array(arbitraryOf(schema.items ?? {}, tie), {
            minLength: schema.minItems ?? 0,
            maxLength: Math.min(schema.maxItems ?? 4, 8),
            depthIdentifier: 'branches',
          })
        : fc.tuple(...schema.prefixItems.map((each) => arbitraryOf(each, tie)));
    case 'string':
      return texts(schema);
    case 'integer':
    case 'number':
      return numbers(type, schema);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function objects({ properties = {}, required = [], additionalProperties, propertyNames }: JsonSchema, tie: Tie): Arbitrary<unknown> {
  const shape = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, arbitraryOf(each, tie)]));
  const fixed = fc.record(shape, { requiredKeys: [...required], noNullPrototype: true });
  if (typeof additionalProperties !== 'object') return fixed;
  const names = propertyNames?.enum === undefined ? fc.string({ maxLength: 8 }) : fc.constantFrom(...propertyNames.enum.map(String));
  return fc
    .tuple(fc.dictionary(names, arbitraryOf(additionalProperties, tie), { maxKeys: 3, noNullPrototype: true }), fixed)
    .map(([more, own]) => ({ ...more, ...own }));
}

function texts({ format, pattern, minLength = 0, maxLength = 30 }: JsonSchema): Arbitrary<string> {
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 30)) });
}

function numbers(type: string, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): Arbitrary<number> {
  const min = minimum ?? exclusiveMinimum ?? -1e12;
  const max = maximum ?? exclusiveMaximum ?? 1e12;
  const whole = fc.integer({ min: Math.max(Math.ceil(min), -1e12), max: Math.min(Math.floor(max), 1e12) });
  return type === 'integer' ? whole : fc.oneof(whole, fc.double({ min, max, noNaN: true }));
}
