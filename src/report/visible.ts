/**
 * Shows characters that would act on a terminal, a page or a reader instead of being read: control characters,
 * text-direction marks, half surrogates. `\u{1b}` stands for an escape; a line break becomes a space.
 */
export function visible(text: string): string {
  return text
    .replaceAll(/\r\n|[\r\n\u2028\u2029]/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu, (character) => {
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    });
}
