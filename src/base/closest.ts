import { distance } from 'fastest-levenshtein';

/** The candidate that `word` was probably meant to be; undefined when none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly far: number } | undefined;
  for (const candidate of candidates) {
    const far = distance(bare(word), bare(candidate));
    // A third of the letters, and never all of them: `by` is not a misspelt `to`.
    const shorter = Math.min(word.length, candidate.length);
    if (far <= Math.ceil(shorter / 3) && far < shorter && far < (best?.far ?? Infinity)) best = { candidate, far };
  }
  return best?.candidate;
}

/** `max_age`, `max-age` and `MaxAge` are all near `maxAge`. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/** A hint for a word that is not known: what it was probably meant to be, or else what there is to choose from. */
export function suggest(word: string, candidates: Iterable<string>, choices: string): string | undefined {
  const known = [...new Set(candidates)];
  const near = closest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length === 0 ? undefined : `${choices}: ${known.toSorted().join(', ')}`;
}
