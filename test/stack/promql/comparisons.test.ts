import { describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/stack/promql.ts';
import { comparisonsOf, thresholdsOf } from '../../../src/stack/promql/comparisons.ts';

const parsed = (text: string) => parsePromql(text)!;

describe('comparisons', () => {
  it.each([
    ['x > 1', '<'],
    ['x < 1', '>'],
    ['x >= 1', '<='],
    ['x <= 1', '>='],
    ['x == 1', '!='],
    ['x != 1', '=='],
    ['x > bool on(a) y', '<'],
  ])('%s: the opposite is %s', (text, opposite) => {
    expect(comparisonsOf(parsed(text)).map((comparison) => comparison.opposite)).toEqual([opposite]);
  });

  it('are found wherever they stand', () => {
    expect(comparisonsOf(parsed('a > 1 and (b < 2 or c == d)'))).toHaveLength(3);
    expect(comparisonsOf(parsed('a + 1'))).toEqual([]);
  });

  it.each([
    ['rate(x[5m]) > 0.01', 'rate(x[5m])', 0.01],
    ['90 < x', 'x', 90],
    ['(x) > (1e3)', '(x)', 1000],
    ['x < -5', 'x', -5],
  ])('%s measures %s against %d', (text, measured, value) => {
    expect(thresholdsOf(parsed(text))).toEqual([expect.objectContaining({ measured: expect.objectContaining({ text: measured }), value })]);
  });

  it('of two series have no threshold', () => {
    expect(thresholdsOf(parsed('x > y'))).toEqual([]);
  });
});
