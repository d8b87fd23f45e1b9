import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/base/redact.ts';

const redactor = createRedactor(['s3cret/word', 's3cret/word-longer']);

it('takes a secret out of text, keys and nested values', () => {
  expect(redactor.value({ a: ['x s3cret/word y'], 's3cret/word': 1 })).toEqual({ a: ['x [redacted] y'], '[redacted]': 1 });
});

it('knows the secret in a URL, in base64 and in hex', () => {
  const text = `${encodeURIComponent('s3cret/word')} ${Buffer.from('s3cret/word').toString('base64')} ${Buffer.from('s3cret/word').toString('hex')}`;
  expect(redactor.text(text)).not.toMatch(/s3cret|czNjcmV0|7333/);
});

it('knows a secret that looks like HTML as a browser reads it', () => {
  const read = createRedactor(['q\\z&ltzmkmxup', 'a&AMP;b&quotc&gt;d']).text('says q\\z<zmkmxup and a&b"c>d');
  expect(read).toBe('says [redacted] and [redacted]');
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

describe('a secret that somebody else wrote down', () => {
  const hard = `a"b\\c/d'e<f>g&h+i j%k=é☂`;
  const { text } = createRedactor([hard]);
  const html = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const json = (value: string) => JSON.stringify(value).slice(1, -1);
  const spellings: Readonly<Record<string, string>> = {
    'in a URL': encodeURIComponent(hard),
    'in a URL, in small letters': encodeURIComponent(hard).toLowerCase(),
    'in a URL in a URL': encodeURIComponent(encodeURIComponent(hard)),
    'in a form': new URLSearchParams({ '': hard }).toString().slice(1),
    'in JSON': json(hard),
    'in JSON in JSON': json(json(hard)),
    'in JSON for a page': json(hard).replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    'in ASCII JSON': json(hard).replaceAll(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    'in HTML': html(hard).replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    'in HTML of HTML': html(html(hard)).replaceAll("'", '&#x27;'),
    'in XML': html(hard).replaceAll('"', '&#34;').replaceAll("'", '&apos;'),
    'in single quotes of YAML': hard.replaceAll("'", "''"),
    'in quoted-printable': hard.replaceAll(/[^A-Za-z0-9]/gu, (sign) =>
      Buffer.from(sign).toString('hex').toUpperCase().replaceAll(/../g, '=$&'),
    ),
    'in base64 in a URL': encodeURIComponent(Buffer.from(hard).toString('base64')),
    'in capital hex': Buffer.from(hard).toString('hex').toUpperCase(),
  };
  it.each(Object.entries(spellings))('is known %s', (_, written) => {
    expect(text(`> ${written} <`).replace(/=+ <$|%3D+ <$/, ' <')).toBe('> [redacted] <');
  });

  it('is known where it was cut', () => {
    expect(text(`says: ${hard.slice(0, 9)}…`)).toBe('says: [redacted]…');
    expect(text(`says: ${encodeURIComponent(hard).slice(0, 12)}…`)).toMatch(/^says: \[redacted\]/);
  });

  it('takes time in proportion to the text, whatever stands in it', () => {
    for (const sign of ['\\', '%25', '&amp;', "'", '"', 'a']) expect(text(sign.repeat(300_000))).toHaveLength(sign.length * 300_000);
  });
});

it('knows half a secret, since not everybody says where they cut', () => {
  const { text } = createRedactor(['accubooks-demo-password']);
  expect(text('accubooks said: accubooks-demo-pass')).toBe('accubooks said: [redacted]');
});

it('takes a secret out of bytes that are text, and leaves a picture as it is', () => {
  const { bytes } = createRedactor(['s3cret/word']);
  expect(Buffer.from(bytes(Buffer.from('says s3cret/word'))).toString()).toBe('says [redacted]');
  const picture = Buffer.from([0x89, 0x50, 0xff, 0xfe]);
  expect(bytes(picture)).toBe(picture);
});

it('takes out a secret that was cut where another one seems to begin', () => {
  const cut = `vgimylmjwab${'c'.repeat(20)}`;
  const longer = `ab${'z'.repeat(60)}`;
  const text = createRedactor([cut, longer]).text(`says ${Buffer.from(cut).toString('hex').slice(0, 22)}…`);
  expect(text).not.toContain('7667');
});
