import { valueAt } from '../../base/value-at.ts';
import type { Part } from './observation.ts';
import { shortened } from '../../base/shortened.ts';

/** Longer texts are cut: an observation has a bounded size whatever the target sends. */
const longestText = 2_000;

export function partAt(value: unknown, path: string): Part {
  const found = valueAt(value, path);
  if (found === undefined) return { found: false };
  if (typeof found === 'string') return { found: true, value: shortened(found, longestText) };
  if (typeof found === 'number' || typeof found === 'boolean' || found === null) return { found: true, value: found };
  return { found: true, kind: Array.isArray(found) ? `a list of ${String(found.length)}` : 'an object' };
}
