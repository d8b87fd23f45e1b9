import { describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/stack/promql.ts';
import { callsAround, reachMs, selectorsOf, windowsMs } from '../../../src/stack/promql/selectors.ts';

const parsed = (text: string) => parsePromql(text)!;

describe('the selectors of an expression', () => {
  it('have a metric, matchers, a range and the calls around them', () => {
    const text = 'sum(rate(http_requests_total{status_code=~"5..",job!="a"}[5m])) / count(up)';
    const [first, second] = selectorsOf(parsed(text));
    expect(first).toMatchObject({
      text: 'http_requests_total{status_code=~"5..",job!="a"}',
      metric: 'http_requests_total',
      rangeMs: 300_000,
    });
    expect(first?.matchers).toEqual([
      expect.objectContaining({ label: 'status_code', operator: '=~', value: '5..' }),
      expect.objectContaining({ label: 'job', operator: '!=', value: 'a' }),
    ]);
    for (const { from, to } of first?.matchers ?? []) expect(text.slice(from, to)).toMatch(/^(status_code=~"5\.\."|job!="a")$/);
    expect(callsAround(first!)).toEqual(['rate', 'sum']);
    expect(second).toMatchObject({ text: 'up', metric: 'up', matchers: [], rangeMs: undefined });
  });

  it.each([
    ['{__name__="a",x="1"}', 'a'],
    ['{"a.b"}', 'a.b'],
    ['{__name__=~"a.*"}', undefined],
  ])('find the name in %s', (text, metric) => {
    expect(selectorsOf(parsed(text))[0]?.metric).toBe(metric);
  });

  it.each([
    ['{a="line\\nbreak \\"q\\""}', 'line\nbreak "q"'],
    ["{a='it\\'s'}", "it's"],
    ['{a=`raw\\n`}', 'raw\\n'],
  ])('undo the escapes of %s', (text, value) => {
    expect(selectorsOf(parsed(text))[0]?.matchers[0]?.value).toBe(value);
  });
});

describe('how far an expression looks back', () => {
  it.each([
    ['x > 1', 0],
    ['rate(x[5m])', 300_000],
    ['rate(x[5m] offset 1h)', 3_900_000],
    ['max_over_time(rate(x[5m])[1h:1m])', 3_900_000],
    ['rate(x[5m]) / rate(y[10m])', 600_000],
  ])('%s: %d ms', (text, ms) => {
    expect(reachMs(parsed(text))).toBe(ms);
  });

  it('is made of windows', () => {
    expect(windowsMs(parsed('max_over_time(rate(x[5m])[1h:1m])'))).toEqual([3_600_000, 300_000]);
  });
});
