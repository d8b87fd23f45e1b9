import { Fault } from '../base/fault.ts';
import type { ReferenceTo } from '../gate/reference.ts';
import { suggest } from '../base/closest.ts';
import { placeOfNode, type ConfigNode } from './node.ts';
import type { MarkedField } from './read-node.ts';

/** The names that exist; a family that could not be read as a whole is undefined, and references to it are not judged. */
export type Names = Readonly<Record<ReferenceTo, Iterable<string> | undefined>>;

/** Faults for names that refer to nothing. Which fields hold references is said by their schemas (see gate/reference). */
export function danglingReferences(marked: readonly MarkedField[], names: Names): readonly Fault[] {
  return marked.flatMap(({ node, meta }) => {
    const text = node.value;
    const family = meta['reference'] as ReferenceTo | undefined;
    const known = family === undefined ? undefined : names[family];
    if (family === undefined || known === undefined || new Set(known).has(text)) return [];
    const hint = suggest(text, known, `the ${family}s are`) ?? `the gate has no ${family}s`;
    return [new Fault('config/unknown-reference', `there is no ${family} "${text}"`, { hint, place: placeOfNode(node) })];
  });
}

/** An item's needs as they stand in the file. */
export interface Needs {
  readonly id: string;
  readonly needs: readonly { readonly id: string; readonly node: ConfigNode | undefined }[];
}

/** Faults for items that need each other in a circle; each circle is told once, at the entry that closes it. */
export function circles(items: readonly Needs[]): readonly Fault[] {
  const faults: Fault[] = [];
  const done = new Set<string>();
  const visit = (item: Needs, chain: readonly string[]): void => {
    for (const need of item.needs) {
      const start = [...chain, item.id].indexOf(need.id);
      const next = items.find(({ id }) => id === need.id);
      if (start !== -1) {
        const circle = [...chain, item.id].slice(start).concat(need.id).join(' → ');
        const place = need.node && placeOfNode(need.node);
        faults.push(
          new Fault('config/cycle', `items need each other in a circle: ${circle}`, { hint: 'take one of them out of "needs"', place }),
        );
      } else if (next !== undefined && !done.has(need.id)) visit(next, [...chain, item.id]);
    }
    done.add(item.id);
  };
  for (const item of items) if (!done.has(item.id)) visit(item, []);
  return faults;
}
