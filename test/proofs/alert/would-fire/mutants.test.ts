import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../../../src/proofs/alert/would-fire/mutants.ts';
import { parsePromql } from '../../../../src/stack/promql.ts';

function mutants(query: string, forMs = 0) {
  const timeline = { sampleEveryMs: 15_000, evaluateEveryMs: 15_000, firingByMs: 600_000, recoveredByMs: 900_000 };
  return mutantsOf({ query, forMs }, parsePromql(query)!, new Set(['job', 'instance']), timeline);
}
const expressions = (query: string) => mutants(query).map(({ expression }) => expression);

describe('the mutants of a rule', () => {
  it.each([
    ['x > 90', ['x < 90', 'x > 180', 'x > 45']],
    ['x > 0', ['x < 0']],
    ['10 <= x', ['10 >= x', '20 <= x', '5 <= x']],
    ['x == 0', ['x != 0']],
    ['x > y', ['x < y']],
  ])('%s: the comparison is turned, the threshold moved: %o', (query, expected) => {
    expect(expressions(query)).toEqual(expected);
  });

  it.each([
    ['x{a="1"}', ['x{a!="1"}', 'x{}']],
    ['x{a="1",b=~"2.*"}', ['x{a!="1",b=~"2.*"}', 'x{b=~"2.*"}', 'x{a="1",b!~"2.*"}', 'x{a="1"}']],
    ['x{a!~"=="}', ['x{a=~"=="}', 'x{}']],
    ['x{job="a"}', ['x{job!="a"}']],
  ])('%s: a matcher is negated, and removed unless it is about the target: %o', (query, expected) => {
    expect(expressions(query)).toEqual(expected);
  });

  it.each([
    ['a and b', ['(a)', '(b)']],
    ['a unless b', ['(a)']],
    ['a or b', ['(a)', '(b)']],
  ])('%s: one of two conditions is forgotten: %o', (query, expected) => {
    expect(expressions(query)).toEqual(expected);
  });

  it('have another quantile', () => {
    expect(mutants('histogram_quantile(0.95, rate(x_bucket[5m]))').map(({ says }) => says)).toEqual([
      'the quantile 0.95 is changed to 0.5',
      'the quantile 0.95 is changed to 0.99',
    ]);
  });

  it('wait for half and twice the time, where that makes a difference', () => {
    expect(mutants('x', 300_000).map(({ says, forMs }) => [says, forMs])).toEqual([
      ['"for: 5m" is changed to 2m30s', 150_000],
      ['"for: 5m" is changed to 10m', 600_000],
    ]);
    expect(mutants('x', 15_000).map(({ forMs }) => forMs)).toEqual([30_000]);
    expect(mutants('x', 0)).toEqual([]);
  });

  it('are all different from the rule and from each other, readable, and each has a hint', () => {
    const query =
      'sum(rate(e{code=~"5..",job="a"}[5m])) / sum(rate(e{job="a"}[5m])) > 0.01 and sum(rate(e[5m])) > 1 unless on() maintenance == 1';
    const found = mutants(query, 300_000);
    const identities = found.map(({ expression, forMs }) => `${expression} for ${String(forMs)}`);
    expect(new Set([...identities, `${query} for 300000`]).size).toBe(found.length + 1);
    for (const { expression, hint } of found) {
      expect(parsePromql(expression)).toBeDefined();
      expect(hint).toMatch(/^add /);
    }
  });
});
