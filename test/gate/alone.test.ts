import { describe, expect, it } from 'vitest';
import { waitedForBy } from '../../src/gate/alone.ts';
import type { Item } from '../../src/gate/gate.ts';

function itemNamed(id: string, needs: readonly string[] = [], proof = 'quiet'): Item {
  return { id, ref: [], statement: id, proof, grade: 'declared', needs, timeoutMs: 1_000, requirement: {} };
}

/** Whom each item that must be alone waits for. */
function waits(...items: readonly Item[]): Record<string, readonly string[]> {
  const isAlone = ({ proof }: Item): boolean => proof === 'alone';
  return Object.fromEntries(items.filter(isAlone).map((item) => [item.id, waitedForBy(item, items, isAlone)]));
}

describe('an item that must be alone', () => {
  it('waits for everything else, wherever it stands', () => {
    expect(waits(itemNamed('a', [], 'alone'), itemNamed('b'), itemNamed('c'))).toEqual({ a: ['b', 'c'] });
  });

  it('does not wait for what rests on it, however far', () => {
    expect(waits(itemNamed('a', [], 'alone'), itemNamed('b', ['a']), itemNamed('c', ['b']), itemNamed('d'))).toEqual({ a: ['d'] });
  });

  it('goes before a later one of its like, unless it rests on that', () => {
    expect(waits(itemNamed('a', [], 'alone'), itemNamed('b', [], 'alone'))).toEqual({ a: [], b: ['a'] });
    expect(waits(itemNamed('a', ['b'], 'alone'), itemNamed('b', [], 'alone'))).toEqual({ a: ['b'], b: [] });
  });

  it('does not wait for what rests on a later one of its like: they would wait for each other for ever', () => {
    expect(waits(itemNamed('a', [], 'alone'), itemNamed('b', [], 'alone'), itemNamed('c', ['b']))).toEqual({ a: [], b: ['a'] });
  });

  it.each<[string, readonly Item[]]>([
    ['something that rests on the later', [itemNamed('a', [], 'alone'), itemNamed('b', [], 'alone'), itemNamed('c', ['b'])]],
    ['the first resting on the last', [itemNamed('a', ['c'], 'alone'), itemNamed('b', [], 'alone'), itemNamed('c', [], 'alone')]],
    ['needs across', [itemNamed('a', ['d'], 'alone'), itemNamed('b', [], 'alone'), itemNamed('c', [], 'alone'), itemNamed('d', ['c'])]],
  ])('lets everything be settled in some order, and never two of its like at once: %s', (_, items) => {
    const waited = waits(...items);
    const settled: string[] = [];
    for (let left = items; left.length > 0; left = items.filter(({ id }) => !settled.includes(id))) {
      const ready = left.filter(({ id, needs }) => [...needs, ...(waited[id] ?? [])].every((each) => settled.includes(each)));
      expect(ready.map(({ id }) => id)).not.toEqual([]);
      expect(ready.filter(({ proof }) => proof === 'alone').length).toBeLessThanOrEqual(1);
      settled.push(...ready.map(({ id }) => id));
    }
  });
});
