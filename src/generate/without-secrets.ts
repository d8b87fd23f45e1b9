const placeholder = 'REPLACE-ME';

/** Shorter ones stand in a text by chance. */
const shortest = 4;

/** Addresses may carry secrets: they are left out wherever they stand, and so is whatever stands before the "@" of a URL. */
export function withoutSecrets(text: string, secrets: readonly string[]): { readonly text: string; readonly leftOut: number } {
  const longestFirst = secrets.filter(({ length }) => length >= shortest).toSorted((left, right) => right.length - left.length);
  const spellings = longestFirst.flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])]);
  const cleaned = spellings
    .reduce((rest, secret) => rest.replaceAll(secret, placeholder), text)
    .replaceAll(/:\/\/[^\s/@"']+@/g, `://${placeholder}@`);
  return { text: cleaned, leftOut: cleaned.split(placeholder).length - 1 };
}
