import type { Part } from './observation.ts';
import { shortened } from '../../base/shortened.ts';

/** Longer texts are cut: an observation has a bounded size whatever the target sends. */
const longestText = 2_000;

/** What stands at `database.status` or `items.0.id`; undefined when nothing does. Never reads inherited properties. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (inner === null || typeof inner !== 'object' || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Record<string, unknown>)[key];
  }, value);
}

export function partAt(value: unknown, path: string): Part {
  const found = at(value, path);
  if (found === undefined) return { found: false };
  if (typeof found === 'string') return { found: true, value: shortened(found, longestText) };
  if (typeof found === 'number' || typeof found === 'boolean' || found === null) return { found: true, value: found };
  return { found: true, kind: Array.isArray(found) ? `a list of ${String(found.length)}` : 'an object' };
}
