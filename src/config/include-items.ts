import { note, openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ConfigNode, type ListNode, type MapNode } from './node.ts';
import { readNode } from './read-node.ts';
import { itemsFile } from './schema.ts';
import { pathBeside } from './source-file.ts';

/**
 * The gate with the items and waivers of every file that it includes after its own, in the order in which it names them.
 * Undefined when a file could not be read: whatever refers to its items would be accused without reason.
 */
export async function includeItems(loading: Loading, gate: MapNode): Promise<MapNode | undefined> {
  const list = childOf(gate, 'include');
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(node) ?? []);
  const roots: ConfigNode[] = [];
  for (const node of named) {
    const root = await openDocument(loading, 'items', pathBeside(node.file, node.value), placeOfNode(node));
    if (root === undefined) return undefined;
    note(loading, readNode(itemsFile, root));
    roots.push(root);
  }
  return withLists('waivers', withLists('items', gate, roots), roots);
}

/** The gate with the lists that stand under a key in other files behind its own. */
function withLists(key: 'items' | 'waivers', gate: MapNode, roots: readonly ConfigNode[]): MapNode {
  const own = gate.entries.get(key);
  // What is no list at all is left for the gate's own schema to refuse.
  if (own !== undefined && own.value.type !== 'list') return gate;
  const lists = [own?.value, ...roots.map((root) => childOf(root, key))].flatMap((node) => (node?.type === 'list' ? node : []));
  const [first] = lists;
  if (first === undefined) return gate;
  const value: ListNode = { ...first, items: lists.flatMap(({ items }) => items) };
  return { ...gate, entries: new Map(gate.entries).set(key, { ...(own ?? first), value }) };
}
