import { valueAt } from '../../base/value-at.ts';
import { longestMatched } from '../../check/assertion/pattern.ts';
import type { Part } from './observation.ts';
import { shortened } from '../../base/shortened.ts';

/** What stands there, with texts as `shown` makes them; cut where assertions stop looking, since an observation has a bounded size. */
export function partAt(value: unknown, path: string, shown = (text: string): string => text): Part {
  const found = valueAt(value, path);
  if (found === undefined) return { found: false };
  if (typeof found === 'string') return { found: true, value: shortened(shown(found), longestMatched) };
  if (typeof found === 'number' || typeof found === 'boolean' || found === null) return { found: true, value: found };
  return { found: true, kind: Array.isArray(found) ? `a list of ${String(found.length)}` : 'an object' };
}
