import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberPattern, readNumber, sumShown } from '../../../src/proofs/dashboard/number.ts';
import { format } from '../../sandbox/grafana/page/format.js';

describe('a number on a page', () => {
  it.each([
    ['0', 0, 'count'],
    ['1,234', 1_234, 'count'],
    ['1,234,567.5', 1_234_567.5, 'count'],
    ['1 234', 1_234, 'count'],
    ['-5', -5, 'count'],
    ['−5', -5, 'count'],
    ['1.2K', 1_200, 'count'],
    ['1.2 K', 1_200, 'count'],
    ['3.4 Mil', 3_400_000, 'count'],
    ['$12', 12, 'count'],
    ['1e-7', 1e-7, 'count'],
    ['12.5%', 12.5, 'percent'],
    ['12.5 %', 12.5, 'percent'],
    ['250 ms', 250, 'time'],
    ['12 µs', 0.012, 'time'],
    ['12 μs', 0.012, 'time'],
    ['1.5 s', 1_500, 'time'],
    ['2 min', 120_000, 'time'],
    ['1 hour', 3_600_000, 'time'],
    ['329 MiB', 329 * 1024 ** 2, 'bytes'],
    ['2 kB/s', 2_000, 'bytes-rate'],
    ['2 KiB/s', 2_048, 'bytes-rate'],
    ['0.25 /s', 0.25, 'rate'],
    ['1.2K c/s', 1_200, 'rate'],
    ['40 req/s', 40, 'rate'],
  ] as const)('%s is read with its unit', (text, value, kind) => {
    const read = readNumber(text);
    expect(read?.kind).toBe(kind);
    expect(read?.value).toBeCloseTo(value, 9);
  });

  it.each(['No data', 'NaN', '', 'p95', '1.2 furlongs', 'premium 8', '12 34', '1,23', '5 %%', '--5'])('%s is none', (text) => {
    expect(readNumber(text)).toBeUndefined();
  });

  it('is found on the page by the same pattern by which it is read', () => {
    expect(new RegExp(numberPattern).test('1.2 Mil')).toBe(true);
    expect(new RegExp(numberPattern).test('p95')).toBe(false);
  });

  it('of several values counts them all, and none that count different things', () => {
    expect(sumShown(['1 K', '5'])).toEqual({ value: 1_005, kind: 'count' });
    expect(sumShown(['free', '5'])).toEqual({ value: 5, kind: 'count' });
    expect(sumShown(['5', '5 ms'])).toBeUndefined();
    expect(sumShown(['All systems normal'])).toBeUndefined();
  });

  it.each(['none', 'short', 'percent', 'percentunit', 'ms', 's', 'bytes', 'Bps', 'cps', 'locale'])(
    'is what was written, to three figures, in the unit %s',
    (unit) => {
      const scale = { percentunit: 100, s: 1_000 }[unit] ?? 1;
      fc.assert(
        fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
          fc.pre(value === 0 || Math.abs(value) > 1);
          const { text, suffix } = format(value, unit);
          const read = readNumber(`${text}${suffix}`);
          expect(Math.abs((read?.value ?? NaN) - value * scale)).toBeLessThanOrEqual(Math.abs(value * scale) * 0.006 + 1e-9);
        }),
      );
    },
  );
});
