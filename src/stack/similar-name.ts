import { distance } from 'fastest-levenshtein';

/** Endings in which the names of one metric often differ: what kind it is, and its unit. */
const endings = /_(?:total|count|sum|bucket|ms|milliseconds|seconds|bytes|percent|percentage|ratio|rate|per_sec|per_second)$/;

function stem(name: string): string {
  const shorter = name.toLowerCase().replace(endings, '');
  return shorter === name.toLowerCase() ? shorter : stem(shorter);
}

/** The candidate that somebody most probably meant by `name`: the same but for unit and `_total`, a slip of the pen away, or with a word more or less. */
export function similarName(name: string, candidates: Iterable<string>): string | undefined {
  const others = [...new Set(candidates)].filter((candidate) => candidate !== name).toSorted();
  const closest = (found: readonly string[]): string | undefined => found.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
  const farthest = Math.max(1, Math.floor(name.length / 4));
  const wanted = stem(name);
  return (
    closest(others.filter((candidate) => stem(candidate) === wanted)) ??
    closest(others.filter((candidate) => distance(name.toLowerCase(), candidate.toLowerCase()) <= farthest)) ??
    closest(others.filter((candidate) => haveSameWords(wanted, stem(candidate))))
  );
}

/** Whether one has all the words of the other: `forecasts` and `forecasts_generated`. */
function haveSameWords(a: string, b: string): boolean {
  const words = new Set(a.split(/[_:.-]/));
  const others = new Set(b.split(/[_:.-]/));
  return words.isSubsetOf(others) || others.isSubsetOf(words);
}
