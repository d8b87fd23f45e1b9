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
    ...insideBase64(bytes),
    bytes.toString('hex'),
  ];
}

/** Shorter pieces of base64 could stand in any digest or key by chance. */
const shortestInside = 8;

/**
 * What base64 makes of a secret in the middle of a longer text, as in `user:password`: three bytes become four letters, so it depends on how many
 * bytes stand before. The letters that it shares with its neighbours are left out.
 */
function insideBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const length = before + bytes.length;
    const letters = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = letters.slice(Math.ceil((before * 4) / 3), Math.floor((length * 4) / 3));
    return own.length < shortestInside ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
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
