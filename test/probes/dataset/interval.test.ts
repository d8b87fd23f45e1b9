import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesToTell, wilson } from '../../../src/probes/dataset/interval.ts';
import { parseCsv } from '../../../src/probes/dataset/read-cases.ts';

describe("Wilson's interval", () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3: as printed there.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is as published', (hits, tries, low, high) => {
    const interval = wilson(hits, tries, 0.95);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('of nothing says nothing', () => {
    expect(wilson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
  });

  it('holds the share, stays within 0 and 1, and is wider with more confidence and fewer cases', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, part) => {
        const hits = Math.round(tries * part);
        const { low, high } = wilson(hits, tries, 0.95);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(hits / tries).toBeGreaterThanOrEqual(low - 1e-12);
        expect(hits / tries).toBeLessThanOrEqual(high + 1e-12);
        const sure = wilson(hits, tries, 0.99);
        expect(sure.high - sure.low).toBeGreaterThanOrEqual(high - low - 1e-12);
        const many = wilson(hits * 4, tries * 4, 0.95);
        expect(many.high - many.low).toBeLessThanOrEqual(high - low + 1e-12);
      }),
    );
  });

  it('tells from so many cases on', () => {
    expect(casesToTell(0.9, 0.9, 0.95)).toBeUndefined();
    const needed = casesToTell(0.95, 0.9, 0.95) ?? 0;
    expect(wilson(0.95 * needed, needed, 0.95).low).toBeGreaterThanOrEqual(0.9);
    expect(wilson(0.95 * (needed - 1), needed - 1, 0.95).low).toBeLessThan(0.9);
  });
});

describe('CSV', () => {
  it('reads whatever fields were written', () => {
    const fields = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'ü') }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join(end);
        expect(parseCsv(text).map((record) => record.fields)).toEqual(rows);
        expect(parseCsv(`${text}${end}`).map((record) => record.fields)).toEqual(rows);
      }),
    );
  });

  it('knows the line on which a record begins, across line ends within quotes', () => {
    expect(parseCsv('a,b\n"1\n2",3\n4,\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1\n2', '3'] },
      { line: 4, fields: ['4', ''] },
    ]);
  });
});
