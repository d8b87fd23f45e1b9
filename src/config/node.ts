import type { Place } from '../base/fault.ts';
import { placeAt, type SourceFile, type Span } from './source-file.ts';

/** Keys and list indexes from the root of a document: `['items', 2, 'interval']`. */
export type Path = readonly (string | number)[];

interface Standing {
  readonly file: SourceFile;
  readonly span: Span;
}

export interface ScalarNode extends Standing {
  readonly type: 'scalar';
  readonly value: string | number | boolean | null;
  /** Its text as the file spells it: `1.10` where the value is 1.1. */
  readonly written: string;
  /** Set when the value came out of a variable: it is then text whatever it looks like. */
  readonly fromVariable?: true;
  /** Set when a variable in it could not be replaced: the value is not what was meant, and nothing more is said of it. */
  readonly unresolved?: true;
}

export interface ListNode extends Standing {
  readonly type: 'list';
  readonly items: readonly ConfigNode[];
}

/** A key where it stands, with its value. */
export interface Entry extends Standing {
  readonly value: ConfigNode;
}

export interface MapNode extends Standing {
  readonly type: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * A configuration value that knows where it was written. Overlays and variables replace nodes, not values,
 * so that after any number of them a fault still stands in the right file, line and column.
 */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** The plain value, as schemas want it. */
export function valueOf(node: ConfigNode): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'list') return node.items.map(valueOf);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, valueOf(entry.value)]));
}

export function childOf(node: ConfigNode | undefined, key: string | number): ConfigNode | undefined {
  if (node?.type === 'map') return node.entries.get(String(key))?.value;
  if (node?.type === 'list') return node.items[Number(key)];
  return undefined;
}

export type TextNode = ScalarNode & { readonly value: string };

/** The node when it is text whose variables have all been replaced. */
export function textNode(node: ConfigNode | undefined): TextNode | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' && node.unresolved === undefined ? (node as TextNode) : undefined;
}

export function nodeAt(root: ConfigNode | undefined, path: Path): ConfigNode | undefined {
  return path.reduce(childOf, root);
}

/** The tree with `change` made to every scalar in it. */
export function mapScalars(node: ConfigNode, change: (scalar: ScalarNode) => ScalarNode): ConfigNode {
  if (node.type === 'scalar') return change(node);
  if (node.type === 'list') return { ...node, items: node.items.map((item) => mapScalars(item, change)) };
  const entries = [...node.entries].map(([key, entry]) => [key, { ...entry, value: mapScalars(entry.value, change) }] as const);
  return { ...node, entries: new Map(entries) };
}

/** The tree with the node at `path` replaced. */
export function replaceAt(node: ConfigNode, path: Path, replacement: ConfigNode): ConfigNode {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (node.type === 'list')
    return { ...node, items: node.items.map((item, index) => (index === key ? replaceAt(item, rest, replacement) : item)) };
  const entry = node.type === 'map' ? node.entries.get(String(key)) : undefined;
  if (node.type !== 'map' || entry === undefined) return node;
  return { ...node, entries: new Map(node.entries).set(String(key), { ...entry, value: replaceAt(entry.value, rest, replacement) }) };
}

/** The map with only those of its keys that are wanted. */
export function pickEntries(node: MapNode, wanted: (key: string) => boolean): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => wanted(key))) };
}

export function placeOfNode(node: Standing): Place {
  return placeAt(node.file, node.span);
}

/** The place of a part of a text; undefined when the file does not hold the text as it is: with escapes, folded, or out of a variable. */
export function placeWithin(node: ConfigNode, { start, end }: { readonly start: number; readonly end: number }): Place | undefined {
  const text = textNode(node)?.value;
  if (text === undefined || text === '') return undefined;
  const at = node.file.text.slice(node.span.start, node.span.end).indexOf(text);
  const from = node.span.start + at;
  return at === -1 ? undefined : placeAt(node.file, { start: from + start, end: from + end });
}

/** The place of a key; of a list entry, the entry's own. Undefined when there is no such path. */
export function placeOfKey(root: ConfigNode, path: Path): Place | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (last !== undefined && parent?.type === 'map') {
    const entry = parent.entries.get(String(last));
    return entry && placeOfNode(entry);
  }
  const node = nodeAt(root, path);
  return node && placeOfNode(node);
}

/** The place to point at for a value: the value itself when it stands on one line, else the key that names it. */
export function placeOfValue(root: ConfigNode, path: Path): Place | undefined {
  const node = nodeAt(root, path);
  if (node === undefined) return undefined;
  const oneLine = node.span.end > node.span.start && !node.file.text.slice(node.span.start, node.span.end).trimEnd().includes('\n');
  return oneLine ? placeOfNode(node) : placeOfKey(root, path);
}

/** The place of the nearest thing that exists on the way to `path`: where a missing key is missed. */
export function placeNear(root: ConfigNode, path: Path): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const place = placeOfKey(root, path.slice(0, length));
    if (place !== undefined) return place;
  }
  return placeOfNode(root);
}
