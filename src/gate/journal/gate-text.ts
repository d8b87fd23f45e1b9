import { shortened } from '../../base/shortened.ts';
import type { Undo } from '../effect.ts';

/** A text in a gate, and where it stands: parts of a list by their id or name, so that a new part before them changes nothing. */
export interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

type NameOf = (part: unknown, index: number) => string;

const byName: NameOf = (part, index) => {
  if (typeof part !== 'object' || part === null) return String(index);
  if ('id' in part && typeof part.id === 'string') return part.id;
  return 'name' in part && typeof part.name === 'string' ? part.name : String(index);
};

export function leavesOf(node: unknown, nameOf: NameOf = byName): readonly Leaf[] {
  if (typeof node === 'string') return [{ path: [], text: node }];
  return childrenOf(node, nameOf).flatMap(([key, child]) =>
    leavesOf(child, nameOf).map(({ path, text }) => ({ path: [key, ...path], text })),
  );
}

export function textAt(gate: object, path: readonly string[]): string | undefined {
  const found = nodesOn(gate, path).at(-1);
  return typeof found === 'string' ? found : undefined;
}

/** Whether the address that stands nearest to this text is of that server: the text is meant for it. */
export function isWithinReach(gate: object, path: readonly string[], origin: string | undefined): boolean {
  const holders = nodesOn(gate, path).filter((node) => typeof node === 'object' && node !== null && 'url' in node);
  const nearest = holders.at(-1);
  return origin !== undefined && typeof nearest?.url === 'string' && originOf(nearest.url) === origin;
}

export function undoOrigins(undo: Undo): readonly string[] {
  const requests = 'mentioning' in undo ? [undo.list, undo.end] : [undo];
  return requests.map(({ url }) => originOf(url) ?? shortened(url, 100));
}

/** `http://host:port`, without a login; undefined for what is no web address. */
export function originOf(text: string): string | undefined {
  const parsed = URL.parse(text);
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed.origin : undefined;
}

/** From the gate itself down to what stands at the path; as far as there is anything. */
function nodesOn(gate: object, path: readonly string[]): readonly unknown[] {
  const nodes: unknown[] = [gate];
  for (const key of path) {
    const child = childrenOf(nodes.at(-1), byName).find(([name]) => name === key);
    if (child === undefined) return [];
    nodes.push(child[1]);
  }
  return nodes;
}

function childrenOf(node: unknown, nameOf: NameOf): readonly (readonly [string, unknown])[] {
  if (Array.isArray(node)) return node.map((part, index) => [nameOf(part, index), part] as const);
  return typeof node === 'object' && node !== null ? Object.entries(node) : [];
}
