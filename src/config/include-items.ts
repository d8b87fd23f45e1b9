import { note, openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ListNode, type MapNode } from './node.ts';
import { readNode } from './read-node.ts';
import { itemsFile } from './schema.ts';
import { pathBeside } from './source-file.ts';

/**
 * The gate with the items of every file that it includes after its own, in the order in which it names them.
 * Undefined when a file could not be read: whatever refers to its items would be accused without reason.
 */
export async function includeItems(loading: Loading, gate: MapNode): Promise<MapNode | undefined> {
  const list = childOf(gate, 'include');
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(node) ?? []);
  const own = gate.entries.get('items');
  const lists = own?.value.type === 'list' ? [own.value] : [];
  for (const node of named) {
    const root = await openDocument(loading, 'items', pathBeside(node.file, node.value), placeOfNode(node));
    if (root === undefined) return undefined;
    note(loading, readNode(itemsFile, root));
    const items = childOf(root, 'items');
    if (items?.type === 'list') lists.push(items);
  }
  const [first] = lists;
  // Items that are no list at all are left for the gate's own schema to refuse.
  if (first === undefined || (own !== undefined && own.value.type !== 'list')) return gate;
  const value: ListNode = { ...first, items: lists.flatMap(({ items }) => items) };
  return { ...gate, entries: new Map(gate.entries).set('items', { ...(own ?? first), value }) };
}
