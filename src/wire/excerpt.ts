import { shortened } from '../base/shortened.ts';

const longest = 500;

/** The start of what was sent, without what it could do to a terminal. */
export function excerptOf(text: string, most = longest): string {
  const start = shortened(text, 2 * most);
  return shortened(start.replace(/\p{Cc}+/gu, ' ').trim(), most);
}
