import { resolve } from 'node:path';
import { z } from 'zod';
import { explain, type Explanation } from './explain.ts';
import { nodeAt, replaceAt, textNode, valueOf, type ConfigNode, type Path, type TextNode } from './node.ts';
import { fieldsOf, metaOf, type Schema } from './schema-walk.ts';
import { pathBeside } from './source-file.ts';

/**
 * A value that the loader must look at because of what its schema says of it in `.meta()`:
 * `secret: true` (base/secret), `reference: 'channel'` (gate/reference), `path: true` (a file, named relative to the one it stands in).
 */
export interface MarkedField {
  readonly node: TextNode;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface Reading<Output> {
  /** What the schema made of it; undefined when there are faults. */
  readonly value: Output | undefined;
  readonly explanations: readonly Explanation[];
  /** Secrets, references and paths, as the file (after variables) has them. */
  readonly marked: readonly MarkedField[];
}

export interface ReadOptions {
  /** Keys that belong to somebody else but may be meant when a key is misspelt. */
  readonly alsoKnown?: readonly string[];
  /** The map that `node` was split from. */
  readonly owner?: ConfigNode;
}

/**
 * Reads a node by a schema. Text that came out of a variable is also accepted where a number or true/false is wanted,
 * so that `port: ${PORT}` works while `port: "3000"` stays the mistake that it is. Paths become absolute.
 */
export function readNode<S extends z.ZodType>(schema: S, node: ConfigNode, options: ReadOptions = {}): Reading<z.output<S>> {
  const typed = withTypedVariables(schema, node);
  const marked = markedFields(schema, typed);
  const result = z.safeParse(schema, valueOf(withAbsolutePaths(typed, marked)));
  if (result.success) return { value: result.data, explanations: [], marked: marked.map(({ field }) => field) };
  const { alsoKnown = [], owner = node } = options;
  const explanations = explain(result.error.issues, { schema, node: typed, base: [], alsoKnown, owner });
  return { value: undefined, explanations, marked: marked.map(({ field }) => field) };
}

/** Gives text from variables the type that the schema asks for, as often as the schema still finds something to convert. */
function withTypedVariables(schema: Schema, node: ConfigNode): ConfigNode {
  const result = z.safeParse(schema, valueOf(node));
  if (result.success) return node;
  let typed = node;
  for (const [path, value] of conversions(result.error.issues, [], node)) {
    const scalar = nodeAt(typed, path);
    if (scalar?.type === 'scalar') typed = replaceAt(typed, path, { ...scalar, value, written: String(scalar.value) });
  }
  return typed === node ? node : withTypedVariables(schema, typed);
}

function conversions(issues: readonly z.core.$ZodIssue[], base: Path, root: ConfigNode): readonly (readonly [Path, number | boolean])[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...(issue.path as Path)];
    if (issue.code === 'invalid_union') return issue.errors.flatMap((errors) => conversions(errors, path, root));
    const node = nodeAt(root, path);
    if (issue.code !== 'invalid_type' || node?.type !== 'scalar' || node.fromVariable === undefined) return [];
    const value = convert(String(node.value), issue.expected);
    return value === undefined || typeof node.value !== 'string' ? [] : [[path, value] as const];
  });
}

function convert(text: string, expected: string): number | boolean | undefined {
  if ((expected === 'number' || expected === 'int') && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (expected === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return undefined;
}

interface Marked {
  readonly path: Path;
  readonly field: MarkedField;
}

function markedFields(schema: Schema, root: ConfigNode): readonly Marked[] {
  return fieldsOf(schema, root).flatMap(({ path, node, schema: own }) => {
    const meta = metaOf(own);
    const isMarked = meta['secret'] === true || meta['reference'] !== undefined || meta['path'] === true;
    const text = textNode(node);
    return isMarked && text !== undefined && text.value !== '' ? [{ path, field: { node: text, meta } }] : [];
  });
}

/** Relative to the file in which the path is written: an overlay's paths are relative to the overlay. */
function withAbsolutePaths(root: ConfigNode, marked: readonly Marked[]): ConfigNode {
  return marked
    .filter(({ field }) => field.meta['path'] === true)
    .reduce(
      (node, { path, field }) => replaceAt(node, path, { ...field.node, value: resolve(pathBeside(field.node.file, field.node.value)) }),
      root,
    );
}
