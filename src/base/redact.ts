import { redacted } from './secret.ts';

/** Takes secrets out of whatever is about to be stored or shown. */
export interface Redactor {
  text(text: string): string;
  value<Value>(value: Value): Value;
}

/** Shorter values are left alone in running text: replacing every "a" would garble reports and hide nothing. */
const shortest = 4;

/** Spellings under which a secret travels: as it is, in a URL, in JSON, in HTTP Basic or SMTP AUTH. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

export function createRedactor(secrets: Iterable<string>): Redactor {
  const found = new Set([...secrets].filter((secret) => secret.length >= shortest).flatMap(spellings));
  // Longest first, so that a secret which contains another one is replaced whole.
  const needles = [...found].toSorted((a, b) => b.length - a.length);
  const text = (input: string): string => {
    let output = input;
    for (const needle of needles) output = output.replaceAll(needle, redacted);
    // Begins at "://" and not at the scheme: looking for a scheme at every letter takes quadratic time on long text.
    return output.replace(/(?<=:\/\/)[^\s/@:"']*:[^\s/@"']+@/g, `${redacted}@`);
  };
  const value = (input: unknown): unknown => {
    if (typeof input === 'string') return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (input === null || typeof input !== 'object') return input;
    return Object.fromEntries(Object.entries(input).map(([key, inner]) => [text(key), value(inner)]));
  };
  return { text, value: value as <Value>(input: Value) => Value };
}
