import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/gate/gate.ts';
import { selectItems } from '../../src/gate/select.ts';

function item(id: string, needs: readonly string[] = []): Item {
  return { id, ref: [], statement: id, proof: 'says', grade: 'passed', needs, timeoutMs: 1_000, requirement: {} };
}
const items = [item('a'), item('b', ['a']), item('c', ['b']), item('d')];

describe('selectItems', () => {
  it('brings along what the named items rest on, and nothing else', () => {
    expect([...selectItems(items, ['c'])].toSorted()).toEqual(['a', 'b', 'c']);
    expect([...selectItems(items, ['d', 'b'])].toSorted()).toEqual(['a', 'b', 'd']);
  });

  it('refuses a name that no item has', () => {
    expect(() => selectItems(items, ['a', 'x'])).toThrow('the gate has no item "x"');
  });
});
