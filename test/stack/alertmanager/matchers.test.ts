import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMatchers } from '../../../src/stack/alertmanager/matchers.ts';
import { formatMatcher, matchOperators } from '../../../src/stack/label-matcher.ts';

describe("Alertmanager's matchers", () => {
  it.each([
    ['severity="critical"', [{ label: 'severity', operator: '=', value: 'critical' }]],
    ['severity = critical', [{ label: 'severity', operator: '=', value: 'critical' }]],
    ['team=~db|web', [{ label: 'team', operator: '=~', value: 'db|web' }]],
    ['"a.b"!~"x,y"', [{ label: 'a.b', operator: '!~', value: 'x,y' }]],
    [
      '{ a="1", b!="2", }',
      [
        { label: 'a', operator: '=', value: '1' },
        { label: 'b', operator: '!=', value: '2' },
      ],
    ],
    ['empty=""', [{ label: 'empty', operator: '=', value: '' }]],
    ['quote="say \\"hi\\""', [{ label: 'quote', operator: '=', value: 'say "hi"' }]],
  ])('reads %s', (text, matchers) => {
    expect(parseMatchers(text)).toEqual(matchers);
  });

  it.each(['severity', '="critical"', 'a="1" b="2"', 'a="unclosed'])('refuses %s', (text) => {
    expect(() => parseMatchers(text)).toThrow(SyntaxError);
  });

  it('reads whatever is written in quotes', () => {
    const matcher = fc.record({
      label: fc.stringMatching(/^[a-z_][a-z0-9_]*$/),
      operator: fc.constantFrom(...matchOperators),
      value: fc.stringMatching(/^[ -~]*$/),
    });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1, maxLength: 4 }), (matchers) => {
        expect(parseMatchers(`{${matchers.map(formatMatcher).join(', ')}}`)).toEqual(matchers);
      }),
    );
  });
});
