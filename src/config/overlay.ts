import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../base/fault.ts';
import { suggest } from '../base/closest.ts';
import { childOf, placeOfNode, valueOf, type ConfigNode, type Entry, type MapNode } from './node.ts';

/** One key that the environment file sets to something else than the gate file does. */
export interface Change {
  readonly path: string;
  /** Undefined when the gate file does not have the key. */
  readonly from: ConfigNode | undefined;
  readonly to: ConfigNode;
}

export interface Overlaid {
  readonly root: MapNode;
  readonly changes: readonly Change[];
  readonly faults: readonly Fault[];
}

/** Lays an environment file over a gate file: maps are merged key by key, everything else (lists too) is replaced. */
export function overlay(gate: MapNode, environment: MapNode): Overlaid {
  const changes: Change[] = [];
  const faults: Fault[] = [];
  const entries = new Map(gate.entries);
  for (const key of ['variables', 'stack', 'channels', 'people', 'policy'] as const) {
    const over = environment.entries.get(key);
    if (over?.value.type === 'map') entries.set(key, mergeEntry(gate.entries.get(key), over, key, changes));
  }
  const items = gate.entries.get('items');
  if (items !== undefined) {
    entries.set('items', { ...items, value: overlayItems(items.value, childOf(environment, 'items'), changes, faults) });
  }
  return { root: { ...gate, entries }, changes, faults };
}

/** The gate has a list of items, the environment a map by id: lists cannot be merged, and an index would mean nothing to a reader. */
function overlayItems(items: ConfigNode, changed: ConfigNode | undefined, changes: Change[], faults: Fault[]): ConfigNode {
  if (items.type !== 'list' || changed?.type !== 'map') return items;
  const merged = new Map<string, ConfigNode>();
  const idOf = (item: ConfigNode): string => String(valueOf(childOf(item, 'id') ?? item));
  const ids = items.items.map(idOf);
  for (const [id, over] of changed.entries) {
    const item = items.items[ids.indexOf(id)];
    const renamed = over.value.type === 'map' ? over.value.entries.get('id') : undefined;
    if (item === undefined) {
      const hint = suggest(id, ids, 'the items are');
      faults.push(new Fault('config/unknown-reference', `there is no item "${id}" to change`, { hint, place: placeOfNode(over) }));
    } else if (renamed !== undefined) {
      faults.push(new Fault('config/unknown-key', 'an environment cannot rename an item', { place: placeOfNode(renamed) }));
    } else if (over.value.type === 'map') {
      merged.set(id, merge(item, over.value, `items.${id}`, changes));
    }
  }
  return { ...items, items: items.items.map((item) => merged.get(idOf(item)) ?? item) };
}

function mergeEntry(base: Entry | undefined, over: Entry, path: string, changes: Change[]): Entry {
  const value = merge(base?.value, over.value, path, changes);
  return base === undefined || value === over.value ? { ...over, value } : { ...base, value };
}

function merge(base: ConfigNode | undefined, over: ConfigNode, path: string, changes: Change[]): ConfigNode {
  if (base?.type === 'map' && over.type === 'map') {
    const entries = new Map(base.entries);
    for (const [key, entry] of over.entries) entries.set(key, mergeEntry(base.entries.get(key), entry, `${path}.${key}`, changes));
    return { ...base, entries };
  }
  if (base === undefined || !isDeepStrictEqual(valueOf(base), valueOf(over))) changes.push({ path, from: base, to: over });
  return over;
}
