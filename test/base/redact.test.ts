import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRedactor } from '../../src/base/redact.ts';

const redactor = createRedactor(['s3cret/word', 's3cret/word-longer']);

it('takes a secret out of text, keys and nested values', () => {
  expect(redactor.value({ a: ['x s3cret/word y'], 's3cret/word': 1 })).toEqual({ a: ['x [redacted] y'], '[redacted]': 1 });
});

it('knows the secret in a URL, in base64 and in hex', () => {
  const text = `${encodeURIComponent('s3cret/word')} ${Buffer.from('s3cret/word').toString('base64')} ${Buffer.from('s3cret/word').toString('hex')}`;
  expect(redactor.text(text)).not.toMatch(/s3cret|czNjcmV0|7333/);
});

it('knows the secret in base64 together with what stands before and after it', () => {
  for (const before of ['', 'u:', 'me:', 'Bearer ', '\0ada\0']) {
    for (const after of ['', '.', '!?']) {
      const text = redactor.text(Buffer.from(`${before}s3cret/word${after}`).toString('base64'));
      expect(text).toContain('[redacted]');
      expect(text.replace('[redacted]', '').length).toBeLessThan(Math.ceil((before.length + after.length + 4) / 3) * 4);
    }
  }
});

it('replaces the longer of two secrets whole', () => {
  expect(redactor.text('s3cret/word-longer')).toBe('[redacted]');
});

it('hides credentials in any URL, known or not', () => {
  expect(redactor.text('smtp://user:pass@mail.test:25')).toBe('smtp://[redacted]@mail.test:25');
});

it('takes time in proportion to the text, also without a single break in it', () => {
  // With a pattern that takes quadratic time, this would not end within the test's time.
  expect(redactor.text('a'.repeat(2_000_000))).toHaveLength(2_000_000);
});

it('leaves no secret of any text in any text', () => {
  const secretText = fc.string({ minLength: 4 }).filter((text) => !'[redacted]'.includes(text));
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
      expect(
        createRedactor([secret])
          .text(before + secret + after)
          .replaceAll('[redacted]', '\u0000'),
      ).not.toContain(secret);
    }),
  );
});
