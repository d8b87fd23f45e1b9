import { describe, expect, it } from 'vitest';
import { remembering, rememberingEach } from '../../src/base/remembering.ts';

describe('a function that remembers', () => {
  it('works an answer out again only for another question', () => {
    const asked: string[] = [];
    const joined = remembering((left: string, right: string) => {
      asked.push(left + right);
      return [left, right];
    });
    const first = joined('a', 'b');
    expect(joined('a', 'b')).toBe(first);
    expect(joined('a', 'c')).toEqual(['a', 'c']);
    expect(joined('a', 'b')).toEqual(first);
    expect(asked).toEqual(['ab', 'ac', 'ab']);
  });

  it('tells things apart that only look alike', () => {
    const sizeOf = rememberingEach((list: readonly number[]) => ({ size: list.length }));
    const list = [1, 2];
    expect(sizeOf(list)).toBe(sizeOf(list));
    expect(sizeOf([1, 2])).not.toBe(sizeOf(list));
    expect(sizeOf([1])).toEqual({ size: 1 });
  });

  it('keeps an answer that is nothing', () => {
    let times = 0;
    const nothing = rememberingEach((_thing: object) => void times++);
    const thing = {};
    nothing(thing);
    nothing(thing);
    expect(times).toBe(1);
  });
});
