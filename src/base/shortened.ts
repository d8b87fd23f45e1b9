/** The beginning of what somebody else said. The sign at the end also tells the redactor that a secret may have been cut in two. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** As `shortened`, but when that would cut `mark` away, the part around it, from the beginning of a word: what is left of one could be half a secret. */
export function shortenedAround(text: string, mark: string, most: number): string {
  const found = text.indexOf(mark);
  if (found + mark.length <= most) return shortened(text, most);
  const start = found - Math.floor(most / 2);
  const word = text.slice(start, found).search(/(?<=\s)\S/);
  return `…${shortened(text.slice(word === -1 ? found : start + word), most)}`;
}
