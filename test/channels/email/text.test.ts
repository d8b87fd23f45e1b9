import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, textOfHtml } from '../../../src/channels/email/text.ts';

describe('the text of an HTML mail', () => {
  it('has no markup, no styles, no comments, and its entities are resolved', () => {
    const html =
      '<html><head><title>x</title></head><style>td { color: red }</style><!-- no --><p class="a">5 &gt; 3 &amp; &#xe9; &#8364;&nbsp;&unknown;</p>';
    expect(textOfHtml(html).replace(/\s+/g, ' ').trim()).toBe('5 > 3 & é € &unknown;');
  });

  it('survives any input', () => {
    fc.assert(fc.property(fc.string(), (html) => typeof textOfHtml(`<p>${html}&#x110000;&#0;`) === 'string'));
  });
});

describe('an excerpt', () => {
  it('is subject and text in one line', () => {
    expect(excerptOf('Subject', 'first\r\n\r\n  second', 'x')).toBe('Subject | first second');
  });

  it('contains the nonce wherever it stood', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (before, after) => {
        const excerpt = excerptOf('s', `${'a '.repeat(before)}nonce${' b'.repeat(after)}`, 'nonce');
        expect(excerpt).toContain('nonce');
        expect(excerpt.length).toBeLessThanOrEqual(1_502);
      }),
    );
  });
});
