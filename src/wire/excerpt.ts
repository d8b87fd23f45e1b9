import { shortened } from '../base/shortened.ts';

const longest = 500;

/** The start of what was sent, without what it could do to a terminal. */
export function excerptOf(text: string): string {
  return shortened(
    text
      .slice(0, 2 * longest)
      .replace(/\p{Cc}+/gu, ' ')
      .trim(),
    longest,
  );
}
