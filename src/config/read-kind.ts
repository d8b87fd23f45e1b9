import type { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { closest, suggest } from '../base/closest.ts';
import { withoutEchoes, type Explanation } from './explain.ts';
import { pickEntries, placeOfKey, placeOfValue, type MapNode } from './node.ts';
import { readNode, type MarkedField } from './read-node.ts';
import { knownKeys } from './schema-walk.ts';

export interface KindOptions<Common extends z.ZodObject, Kind> {
  readonly node: MapNode;
  /** The keys that things of every kind have. */
  readonly common: Common;
  /** The common key that names the kind: `proof`, `kind`, `probe`. */
  readonly key: string;
  /** What one is called: `proof`, `channel`. */
  readonly noun: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The schema of the keys that are the kind's own. */
  schemaOf(kind: Kind): z.ZodType;
}

export interface KindReading<Common extends z.ZodObject, Kind> {
  /** Undefined when there are faults. */
  readonly value: { readonly common: z.output<Common>; readonly kind: Kind; readonly own: unknown } | undefined;
  readonly explanations: readonly Explanation[];
  readonly marked: readonly MarkedField[];
}

/** Reads a map whose keys are partly common to all kinds and partly the kind's own; neither side sees the other's keys. */
export function readKind<Common extends z.ZodObject, Kind>(options: KindOptions<Common, Kind>): KindReading<Common, Kind> {
  const { node, common, kinds } = options;
  const commonKeys = Object.keys(common.shape);
  const commonPart = pickEntries(node, (key) => commonKeys.includes(key));
  const ownPart = pickEntries(node, (key) => !commonKeys.includes(key));
  const shared = readNode(common, commonPart, { owner: node });
  const named = node.entries.get(options.key)?.value;
  const name = named?.type === 'scalar' && typeof named.value === 'string' ? named.value : undefined;
  const kind = name === undefined ? undefined : kinds.get(name);
  if (kind === undefined) {
    const unread = name === undefined ? misspelt(ownPart, options) : [unknownKind(name, options)];
    return { value: undefined, explanations: withoutEchoes([...shared.explanations, ...unread]), marked: shared.marked };
  }
  const clash = knownKeys(options.schemaOf(kind), ownPart).filter((key) => commonKeys.includes(key));
  if (clash.length > 0)
    throw new Error(`the ${options.noun} "${name}" may not declare ${clash.join(', ')}: every ${options.noun} has that`);
  const own = readNode(options.schemaOf(kind), ownPart, { owner: node, alsoKnown: commonKeys });
  const explanations = withoutEchoes([...shared.explanations, ...own.explanations]);
  const marked = [...shared.marked, ...own.marked];
  if (shared.value === undefined || explanations.length > 0) return { value: undefined, explanations, marked };
  return { value: { common: shared.value, kind, own: own.value }, explanations, marked };
}

function unknownKind<Common extends z.ZodObject, Kind>(name: string, options: KindOptions<Common, Kind>): Explanation {
  const { node, key, noun, kinds } = options;
  const hint = suggest(name, kinds.keys(), `known ${noun}s`);
  return { fault: new Fault('config/unknown-kind', `unknown ${noun} "${name}"`, { hint, place: placeOfValue(node, [key]) }) };
}

/** Without its kind nothing can be said of the other keys, except that one of them may be the kind's key misspelt. */
function misspelt<Common extends z.ZodObject, Kind>(own: MapNode, { node, key }: KindOptions<Common, Kind>): readonly Explanation[] {
  if (node.entries.has(key)) return [];
  const wrong = [...own.entries.keys()].find((each) => closest(each, [key]) !== undefined);
  if (wrong === undefined) return [];
  const place = placeOfKey(own, [wrong]);
  return [
    {
      fault: new Fault('config/unknown-key', `unknown key "${wrong}"`, { hint: `did you mean "${key}"?`, place }),
      owner: node,
      meant: key,
    },
  ];
}
