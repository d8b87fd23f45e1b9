import { describe, expect, it } from 'vitest';
import { argumentsOf, calledBy, numberIn, parsePromql, partsOf, splice, unwrapped } from '../../src/stack/promql.ts';

describe('a PromQL expression', () => {
  it.each(['', 'x >', 'sum(rate(x[5m])', 'rate(x[5m]) 1', '{a="b"'])('is not %o', (text) => {
    expect(parsePromql(text)).toBeUndefined();
  });

  it('is parsed with the place of every part', () => {
    const text = 'sum by (le) (rate(x{a="b"}[5m])) > 1';
    const root = parsePromql(text);
    expect(root?.kind).toBe('BinaryExpr');
    for (const { node } of partsOf(root!)) expect(text.slice(node.from, node.to)).toBe(node.text);
  });

  it('is walked from the outside in, and knows what stands around', () => {
    const selector = [...partsOf(parsePromql('sum(rate(x[5m]))')!)].find(({ node }) => node.kind === 'VectorSelector');
    expect(selector?.around.flatMap((node) => calledBy(node) ?? [])).toEqual(['rate', 'sum']);
  });

  it('is unwrapped, taken apart and put together again', () => {
    const call = unwrapped(parsePromql('((histogram_quantile(0.95, x)))')!);
    expect(argumentsOf(call).map(({ text }) => text)).toEqual(['0.95', 'x']);
    expect(splice('a > 1', { from: 4, to: 5 }, '2')).toBe('a > 2');
  });

  it.each([
    ['0.95', 0.95],
    ['-1e3', -1000],
    ['0x1f', 31],
    ['1_000', 1000],
    ['5m', 300],
    ['Inf', undefined],
    ['x', undefined],
  ])('has numbers: %s is %s', (text, value) => {
    expect(numberIn(parsePromql(text)!)).toBe(value);
  });
});
