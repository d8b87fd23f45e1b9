import { describe, expect, it } from 'vitest';
import { anchored, satisfies, satisfiesAll, type MatchOperator } from '../../src/stack/label-matcher.ts';

describe('a label matcher', () => {
  it.each<[MatchOperator, string, string, boolean]>([
    ['=', 'critical', 'critical', true],
    ['=', 'critical', 'high', false],
    ['!=', 'critical', 'high', true],
    ['!=', 'critical', 'critical', false],
    ['=~', '5..', '503', true],
    ['=~', '5..', '200', false],
    ['!~', '5..', '200', true],
    ['!~', '5..', '503', false],
  ])('%s"%s" on the value "%s" is %s', (operator, value, found, holds) => {
    expect(satisfies({ label: found }, { label: 'label', operator, value })).toBe(holds);
  });

  it('matches the whole value, never a part of it', () => {
    expect(satisfies({ code: '1500' }, { label: 'code', operator: '=~', value: '5..|50' })).toBe(false);
  });

  it('takes a label that is not there for an empty one', () => {
    expect(satisfies({}, { label: 'team', operator: '=', value: '' })).toBe(true);
    expect(satisfies({}, { label: 'team', operator: '!=', value: 'web' })).toBe(true);
    expect(satisfies({}, { label: 'team', operator: '=~', value: '.+' })).toBe(false);
  });

  it('needs all of several', () => {
    const matchers = [
      { label: 'a', operator: '=', value: '1' },
      { label: 'b', operator: '=', value: '2' },
    ] as const;
    expect(satisfiesAll({ a: '1', b: '2' }, matchers)).toBe(true);
    expect(satisfiesAll({ a: '1', b: '3' }, matchers)).toBe(false);
  });

  it("reads Go's flags, and refuses what JavaScript would take for something else", () => {
    expect(anchored('(?i)DB|web').test('WEB')).toBe(true);
    expect(() => anchored('[[:alpha:]]+')).toThrow(SyntaxError);
    expect(() => anchored('\\pL+')).toThrow(SyntaxError);
  });
});
