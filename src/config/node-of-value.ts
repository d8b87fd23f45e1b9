import { shortened } from '../base/shortened.ts';
import type { ConfigNode, Entry, Path } from './node.ts';
import { sourceFile } from './source-file.ts';

export interface NodeOfValueOptions {
  /** The module that the value comes from. */
  readonly path: string;
  /** Where the value stands in what the module exports. */
  readonly at: Path;
  refuse(message: string): void;
}

/** Deeper values go round in a circle, or are no configuration. */
const deepest = 100;

/**
 * A value of a module as a node of configuration, so that it is read as if it had been written in YAML. It stands in no line of a file:
 * its place shows the path of keys instead. Undefined when it cannot be written in YAML.
 */
export function nodeOfValue(value: unknown, { path, at, refuse }: NodeOfValueOptions): ConfigNode | undefined {
  const keys = at.map((key, index) => (typeof key === 'number' ? `[${String(key)}]` : `${index === 0 ? '' : '.'}${key}`)).join('');
  const file = sourceFile(path, keys);
  const standing = { file, span: { start: 0, end: keys.length } };
  const inner = (each: unknown, key: string | number): ConfigNode | undefined => nodeOfValue(each, { path, at: [...at, key], refuse });
  const here = keys === '' ? 'the default export' : keys;
  if (at.length > deepest) {
    refuse(`${shortened(here, 80)} is nested too deeply`);
    return undefined;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return { ...standing, type: 'scalar', value, written: String(value) };
  }
  if (Array.isArray(value)) {
    return { ...standing, type: 'list', items: value.flatMap((each, index) => inner(each, index) ?? []) };
  }
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) {
    const entries = Object.entries(value).flatMap(([key, each]): readonly (readonly [string, Entry])[] => {
      const node = each === undefined ? undefined : inner(each, key);
      return node === undefined ? [] : [[key, { file: node.file, span: node.span, value: node }]];
    });
    return { ...standing, type: 'map', entries: new Map(entries) };
  }
  const kind = typeof value === 'object' ? `a ${value.constructor.name}` : typeof value === 'number' ? String(value) : `a ${typeof value}`;
  refuse(`${here} is ${kind}, which cannot stand in a check: only text, numbers, true and false, null, lists and plain objects can`);
  return undefined;
}
