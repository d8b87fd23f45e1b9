import { isUtf8 } from 'node:buffer';
import { redacted } from './redacted.ts';
import { readAsHtml, spelled, spelledStart } from './spelling.ts';

/** Takes secrets out of whatever is about to be stored or shown. */
export interface Redactor {
  text(text: string): string;
  /** Of bytes that are text; a picture stays as it is. */
  bytes(bytes: Uint8Array): Uint8Array;
  value<Value>(value: Value): Value;
}

/** Shorter values are left alone in running text: replacing every "a" would garble reports and hide nothing. */
const shortest = 4;

/** What a secret is turned into as a whole: itself, as a browser reads it, or base64 and hex as in HTTP Basic and SMTP AUTH. */
function forms(secret: string): string[] {
  const inUrl = encodeURIComponent(secret);
  const inPage = readAsHtml(secret);
  return [secret, ...(inPage === secret ? [] : [inPage]), ...encodings(secret), ...(inUrl === secret ? [] : encodings(inUrl))];
}

function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), ...insideBase64(bytes), hex, hex.toUpperCase()];
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

/** Made when they are first needed: there are many, and most are never met. */
function patternsOf(needle: string) {
  return once(() => {
    const { anywhere = '(?!)', beforeSign = '(?!)' } = spelledStart(needle);
    return { whole: new RegExp(spelled(needle), 'g'), anywhere: new RegExp(anywhere, 'g'), beforeSign: new RegExp(beforeSign, 'g') };
  });
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

export function createRedactor(secrets: Iterable<string>): Redactor {
  const found = new Set([...secrets].filter((secret) => secret.length >= shortest).flatMap(forms));
  // Longest first, so that a secret which contains another one is replaced whole; cut ones last.
  const needles = [...found].toSorted((a, b) => b.length - a.length);
  const known = needles.map((needle) => ({ begins: new RegExp(spelled(needle.slice(0, shortest))), patterns: patternsOf(needle) }));
  // Most texts hold nothing to hide: one look for how any of them begins spares them all the others.
  const begins = new RegExp(needles.map((needle) => spelled(needle.slice(0, shortest))).join('|') || '(?!)');
  const text = (input: string): string => {
    let output = input;
    if (begins.test(input)) {
      const met = known.filter((each) => each.begins.test(input));
      for (const kind of ['whole', 'anywhere', 'beforeSign'] as const) {
        for (const { patterns } of met) output = output.replace(patterns()[kind], redacted);
      }
    }
    // Begins at "://" and not at the scheme: looking for a scheme at every letter takes quadratic time on long text.
    return output.replace(/(?<=:\/\/)[^\s/@:"']*:[^\s/@"']+@/g, `${redacted}@`);
  };
  const value = (input: unknown): unknown => {
    if (typeof input === 'string') return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (input === null || typeof input !== 'object') return input;
    return Object.fromEntries(Object.entries(input).map(([key, inner]) => [text(key), value(inner)]));
  };
  const bytes = (input: Uint8Array): Uint8Array => (isUtf8(input) ? Buffer.from(text(Buffer.from(input).toString())) : input);
  return { text, bytes, value: value as <Value>(input: Value) => Value };
}
