import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/report/visible.ts';

describe('visible', () => {
  it('leaves ordinary text of any language alone', () => {
    const text = 'p95 is 1.2 s ≥ 1 s, "größer", 日本語, 👍🏽, \\u{1b}';
    expect(visible(text)).toBe(text);
  });

  it('shows what would act on a terminal or turn text around', () => {
    expect(visible('\u001b[32mok\u001b[0m\u0000\u202egood\u2066\ufeff\ud800')).toBe(
      '\\u{1b}[32mok\\u{1b}[0m\\u{0}\\u{202e}good\\u{2066}\\u{feff}\\u{d800}',
    );
  });

  it('keeps everything on one line', () => {
    expect(visible('a\r\nb\nc\rd\u2028e')).toBe('a b c d e');
  });

  it('leaves nothing that a terminal would act on', { timeout: 60_000 }, () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(visible(text))));
  });
});
