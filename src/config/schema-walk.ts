import { z } from 'zod';
import { childOf, valueOf, type ConfigNode, type Path } from './node.ts';

export type Schema = z.core.$ZodType;
type Definition = z.core.$ZodTypes['_zod']['def'];

export function definitionOf(schema: Schema): Definition {
  return (schema as unknown as { readonly def: Definition }).def;
}

/** The schema and what it wraps, outermost first: `optional(default(text))` → those three. */
function layersOf(schema: Schema): readonly Schema[] {
  const inner = wrappedBy(schema);
  return inner === undefined ? [schema] : [schema, ...layersOf(inner)];
}

function wrappedBy(schema: Schema): Schema | undefined {
  const definition = definitionOf(schema);
  if (definition.type === 'lazy') return definition.getter();
  // `z.preprocess` has its transform in front; everywhere else the front is what people write.
  if (definition.type === 'pipe') return definitionOf(definition.in).type === 'transform' ? definition.out : definition.in;
  return 'innerType' in definition ? definition.innerType : undefined;
}

/** What is left when everything that only wraps is taken off. */
export function coreOf(schema: Schema): Schema {
  return layersOf(schema).at(-1) ?? schema;
}

/** What `.meta()` and `.describe()` said of a schema, on whichever layer they said it. */
export function metaOf(schema: Schema): Readonly<Record<string, unknown>> {
  return Object.assign(
    {},
    ...layersOf(schema)
      .map((layer) => z.globalRegistry.get(layer))
      .toReversed(),
  ) as Record<string, unknown>;
}

/** The only values that a schema accepts, where it lists them. */
export function literalsOf(schema: Schema): readonly z.core.util.Primitive[] {
  const definition = definitionOf(coreOf(schema));
  if (definition.type === 'literal') return definition.values;
  return definition.type === 'enum' ? Object.values(definition.entries) : [];
}

/** Those branches of a union that `node` can be meant for: by its discriminator when there is one. */
export function branchesFor(union: z.core.$ZodUnionDef, node: ConfigNode | undefined): readonly Schema[] {
  const key = (union as Partial<z.core.$ZodDiscriminatedUnionDef>).discriminator;
  const named = key === undefined ? undefined : childOf(node, key);
  if (key === undefined || named?.type !== 'scalar') return union.options;
  const chosen = union.options.filter((option) =>
    schemasOfChild(option, key, node).some((schema) => literalsOf(schema).includes(named.value)),
  );
  return chosen.length === 0 ? union.options : chosen;
}

/** The schemas that apply to one key (or list entry) of what `schema` describes. */
function schemasOfChild(schema: Schema, key: string | number, node: ConfigNode | undefined): readonly Schema[] {
  const definition = definitionOf(coreOf(schema));
  const sides = sidesOf(definition, node);
  if (sides.length > 0) return sides.flatMap((side) => schemasOfChild(side, key, node));
  const child = childSchemaOf(definition, key) ?? undefined;
  return child === undefined ? [] : [child];
}

function childSchemaOf(definition: Definition, key: string | number): Schema | null | undefined {
  if (definition.type === 'object') return Object.hasOwn(definition.shape, key) ? definition.shape[key] : definition.catchall;
  if (definition.type === 'record') return definition.valueType;
  if (definition.type === 'array') return definition.element;
  if (definition.type === 'tuple') return definition.items[Number(key)] ?? definition.rest;
  return undefined;
}

/** The schemas that a union or an intersection puts together; none for everything else. */
function sidesOf(definition: Definition, node: ConfigNode | undefined): readonly Schema[] {
  if (definition.type === 'union') return branchesFor(definition, node);
  return definition.type === 'intersection' ? [definition.left, definition.right] : [];
}

export function schemasAt(schema: Schema, path: Path, node: ConfigNode | undefined): readonly Schema[] {
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  return schemasOfChild(schema, key, node).flatMap((child) => schemasAt(child, rest, childOf(node, key)));
}

/** The keys that a map may have by its schema. */
export function knownKeys(schema: Schema, node: ConfigNode | undefined): readonly string[] {
  const definition = definitionOf(coreOf(schema));
  if (definition.type === 'object') return Object.keys(definition.shape);
  if (definition.type === 'record') return literalsOf(definition.keyType).map(String);
  return sidesOf(definition, node).flatMap((side) => knownKeys(side, node));
}

/** A node and the schema that describes it. */
export interface Field {
  readonly path: Path;
  readonly node: ConfigNode;
  readonly schema: Schema;
}

/** Every node below and including `node`, with its schema; of a union only the branch that accepts the node, or all when none does. */
export function fieldsOf(schema: Schema, node: ConfigNode, path: Path = []): readonly Field[] {
  const definition = definitionOf(coreOf(schema));
  const self: Field = { path, node, schema };
  if (definition.type === 'union') {
    const branches = branchesFor(definition, node);
    const accepting = branches.find((branch) => z.safeParse(branch, valueOf(node)).success);
    return [self, ...(accepting === undefined ? branches : [accepting]).flatMap((branch) => fieldsOf(branch, node, path))];
  }
  const sides = sidesOf(definition, node);
  if (sides.length > 0) return sides.flatMap((side) => fieldsOf(side, node, path));
  const below = (key: string | number, child: ConfigNode): readonly Field[] =>
    schemasOfChild(schema, key, node).flatMap((childSchema) => fieldsOf(childSchema, child, [...path, key]));
  if (node.type === 'map') return [self, ...[...node.entries].flatMap(([key, entry]) => below(key, entry.value))];
  if (node.type === 'list') return [self, ...node.items.flatMap((item, index) => below(index, item))];
  return [self];
}
