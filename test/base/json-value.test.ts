import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonValue } from '../../src/base/json-value.ts';

describe('a JSON value', () => {
  it('is whatever JSON can be read into', () => {
    const same = (value: unknown): boolean => isDeepStrictEqual(jsonValue.parse(value), value);
    expect(() => fc.assert(fc.property(fc.jsonValue(), same))).not.toThrow();
  });

  it.each([[undefined], [Number.NaN], [Infinity], [10n], [{ a: undefined }], [[() => 1]]])('is not %s', (value) => {
    expect(jsonValue.safeParse(value).success).toBe(false);
  });

  it('is not nested beyond all reason', () => {
    expect(jsonValue.safeParse(JSON.parse(`${'['.repeat(400)}${']'.repeat(400)}`)).success).toBe(true);
    const deep: unknown = JSON.parse(`${'['.repeat(600)}${']'.repeat(600)}`);
    expect(() => jsonValue.safeParse(deep)).toThrow(RangeError);
  });
});
