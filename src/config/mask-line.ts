import { distance } from 'fastest-levenshtein';
import { looksSecret } from './looks-secret.ts';

// Each of these can begin only where a word begins, so that a very long line is still read in one go.
// A space or the colon may be what is missing.
const keyBeforeValue = /(?<![\w.-]|\$\{)(["']?)(\w[\w.-]*)\1\s*:[ \t]*|(?<=^[ \t]*(?:- +)?)(\w[\w.-]*)[ \t]+(?!:)/g;
const defaultOfVariable = /(\$\{([A-Za-z_]\w*):-)([^}]*)/g;
const headerName = /^(proxy-)?authorization$|^(set-)?cookie$/i;
const url = /:\/\/[^\s"'<>]+/g;
/** A value of a query by a name that looks secret, or a part of a path too long for a word: the address of a chat's webhook ends in one. */
const inUrl = /([?&])([\w.-]+)=([^&#,}\]]*)|(?<=\/)[^/?#,}\]]{16,}/g;
const loginInUrl = /(:\/\/)([^\s/@"']+)@/g;

const stars = (text: string): string => '*'.repeat(text.length);

const startsWithKey = /^\s*(?:- +)*["']?(\w[\w.-]*)["']?\s*:(?=\s|$)/;

/** Whether a line without a key of its own goes on with the value of a key that holds a secret; `above` are the lines before it, nearest first. */
export function continuesSecret(line: string, above: Iterable<string>): boolean {
  if (startsWithKey.test(line)) return false;
  for (const before of above) {
    const key = startsWithKey.exec(before)?.[1];
    if (key !== undefined) return holdsSecret(key);
  }
  return false;
}

/** A line in which nothing but blanks is left. */
export function maskWhole(line: string): string {
  return line.replaceAll(/\S/g, '*');
}

/**
 * Stars out what stands after secret-looking keys in a line of YAML, so that a fault can show the line. Columns stay where they are.
 * Works on text and not on the parsed document, because it is needed most where the document could not be parsed.
 */
export function maskLine(line: string): string {
  const parts: string[] = [];
  const flowStart = line.indexOf('{');
  let copied = 0;
  for (const match of line.matchAll(keyBeforeValue)) {
    const start = match.index + match[0].length;
    if (match.index < copied || !holdsSecret(match[2] ?? match[3] ?? '')) continue;
    const value = valueAt(line, start, flowStart !== -1 && flowStart < start);
    // A reference to a variable is no secret, and a fault about it must show it.
    if (value.includes('${')) continue;
    parts.push(line.slice(copied, start), stars(value));
    copied = start + value.length;
  }
  return [...parts, line.slice(copied)]
    .join('')
    .replace(url, (address) => address.replace(inUrl, starsInUrl))
    .replace(loginInUrl, (_, slashes: string, login: string) => `${slashes}${stars(login)}@`)
    .replace(defaultOfVariable, (all: string, head: string, name: string, value: string) =>
      looksSecret(name) ? head + stars(value) : all,
    );
}

function starsInUrl(written: string, sign: string | undefined, name = '', value = ''): string {
  if (written.includes('${')) return written;
  if (sign === undefined) return stars(written);
  return holdsSecret(name) || /^(sig|signature|auth)$/i.test(name) ? `${sign}${name}=${stars(value)}` : written;
}

/** Also by a name in which a letter is wrong, missing or too many: that is what faults are about. */
function holdsSecret(name: string): boolean {
  if (looksSecret(name) || headerName.test(name)) return true;
  const word =
    name
      .toLowerCase()
      .split(/[^a-z]/)
      .at(-1) ?? '';
  return word.length > 3 && misspelled.some((each) => distance(word, each) <= (each.length > 5 ? 2 : 1));
}

const misspelled = ['password', 'token', 'secret', 'apikey', 'authtoken', 'routingkey', 'authorization', 'cookie'];

const doubleQuoted = /"(?:[^"\\]|\\.)*"?/y;
const singleQuoted = /'(?:[^']|'')*'?/y;
const plainInFlow = /[^,}\]]*/y;
const plain = /.*/y;

function valueAt(line: string, start: number, inFlow: boolean): string {
  const form = line[start] === '"' ? doubleQuoted : line[start] === "'" ? singleQuoted : inFlow ? plainInFlow : plain;
  form.lastIndex = start;
  return form.exec(line)?.[0].trimEnd() ?? '';
}
