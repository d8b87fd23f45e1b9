import { expect, test } from 'vitest';
import { sameExpression } from '../../../src/stack/promql/same-expression.ts';

test.each([
  ['sum(rate(x[5m]))by(job)>1', 'sum by (job) (rate(x[300s])) > 1.0'],
  [`x{a='b"c'}`, 'x{a="b\\"c"}'],
  ['x{a=`b\\d`}', 'x{a="b\\\\d"}'],
  ['x > 1 # too many', 'x>1'],
  ['foo default 0', 'foo default 0'],
])('`%s` and `%s` are the same', (left, right) => {
  expect(sameExpression(left, right)).toBe('same');
});

test.each([
  ['x > 1', 'x > 2'],
  ['x > 1', 'x >= 1'],
  ['x > bool 1', 'x > 1'],
  ['sum by (job) (x)', 'sum without (job) (x)'],
  ['sum by (job) (x)', 'sum by (instance) (x)'],
  ['sum by (job) (x)', 'max by (job) (x)'],
  ['x{a="b"}', 'x{a!="b"}'],
  ['x{a="b"}', 'x{a="c"}'],
  ['x - y', 'y - x'],
  ['rate(x[5m])', 'rate(x[6m])'],
  ['rate(x[5m])', 'irate(x[5m])'],
  ['x offset 5m', 'x offset -5m'],
  ['a * on (b) c', 'a * ignoring (b) c'],
  ['a * on (b) group_left () c', 'a * on (b) group_right () c'],
  ['(a + b) * c', 'a + b * c'],
  ['x @ start()', 'x @ end()'],
])('`%s` and `%s` are not', (left, right) => {
  expect(sameExpression(left, right)).toBe('different');
  expect(sameExpression(right, left)).toBe('different');
});

test('of what is not PromQL it cannot be told', () => {
  expect(sameExpression('foo default 0', 'foo  default 0')).toBe('cannot-tell');
  expect(sameExpression('foo', 'foo default 0')).toBe('cannot-tell');
});
