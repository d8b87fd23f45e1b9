import { shortenedAround } from '../../base/shortened.ts';

const longestExcerpt = 1_500;

/** The readable text of an HTML mail: no markup, no styles, entities resolved. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(style|script|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (written, name: string) => entity(name) ?? written);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return named[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Subject and text in one line, cut to what a reader needs; when that would cut the nonce away, the part around it. */
export function excerptOf(subject: string, text: string, nonce: string): string {
  const whole = `${subject} | ${text}`.replace(/\s+/g, ' ').trim();
  return shortenedAround(whole, nonce, longestExcerpt);
}
