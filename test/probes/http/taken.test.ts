import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../../src/base/value-at.ts';
import { partAt } from '../../../src/probes/http/json-path.ts';
import { fillJson, fillUrl, mask, withoutCredentials } from '../../../src/probes/http/taken.ts';

describe('a value that was taken', () => {
  const taken = new Map<string, string | number>([
    ['id', 7],
    ['next', 'http://127.0.0.1/a?b=c'],
    ['token', 'abcdefgh'],
    ['longer', 'abcdefghij'],
  ]);

  it('is escaped in a URL, unless it is its start', () => {
    expect(fillUrl('http://x/{{next}}/{{id}}', taken)).toBe('http://x/http%3A%2F%2F127.0.0.1%2Fa%3Fb%3Dc/7');
    expect(fillUrl('{{next}}&d=e', taken)).toBe('http://127.0.0.1/a?b=c&d=e');
  });

  it('keeps its type where it is a whole JSON value', () => {
    expect(fillJson({ a: ['{{id}}', 'no {{id}}', null, true] }, taken)).toEqual({ a: [7, 'no 7', null, true] });
  });

  it('is put back under its name before anything is recorded, the longest first', () => {
    expect(mask('a abcdefghij b abcdefgh 7', taken)).toBe('a {{longer}} b {{token}} 7');
  });
});

describe('what keys call a credential', () => {
  it('is taken out at any depth', () => {
    const body = { access_token: 'x', nested: [{ password: 'y', apiKey: 'z', 'Set-Cookie': 'c', name: 'kept', tokens: 3 }] };
    expect(withoutCredentials(body)).toEqual({
      access_token: '[redacted]',
      nested: [{ password: '[redacted]', apiKey: '[redacted]', 'Set-Cookie': '[redacted]', name: 'kept', tokens: 3 }],
    });
  });
});

describe('a path', () => {
  it('finds what a JSON value holds there, and never throws', () => {
    expect(valueAt({ items: [{ id: 7 }] }, 'items.0.id')).toBe(7);
    expect(partAt([1, 2, 3], 'length')).toEqual({ found: true, value: 3 });
    fc.assert(fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (value, path) => typeof partAt(value, path).found === 'boolean'));
  });
});
