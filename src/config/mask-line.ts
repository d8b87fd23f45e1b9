import { looksSecret } from './looks-secret.ts';

// Each of these can begin only where a word begins, so that a very long line is still read in one go.
const keyBeforeValue = /(?<![\w.-])(["']?)(\w[\w.-]*)\1\s*:[ \t]+/g;
const defaultOfVariable = /(\$\{([A-Za-z_]\w*):-)([^}]*)/g;
const loginInUrl = /(:\/\/)([^\s/@"']+)@/g;

const stars = (text: string): string => '*'.repeat(text.length);

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
    if (match.index < copied || !looksSecret(match[2] ?? '')) continue;
    const value = valueAt(line, start, flowStart !== -1 && flowStart < start);
    // A reference to a variable is no secret, and a fault about it must show it.
    if (value.includes('${')) continue;
    parts.push(line.slice(copied, start), stars(value));
    copied = start + value.length;
  }
  return [...parts, line.slice(copied)]
    .join('')
    .replace(loginInUrl, (_, slashes: string, login: string) => `${slashes}${stars(login)}@`)
    .replace(defaultOfVariable, (all: string, head: string, name: string, value: string) =>
      looksSecret(name) ? head + stars(value) : all,
    );
}

const doubleQuoted = /"(?:[^"\\]|\\.)*"?/y;
const singleQuoted = /'(?:[^']|'')*'?/y;
const plainInFlow = /[^,}\]]*/y;
const plain = /.*/y;

function valueAt(line: string, start: number, inFlow: boolean): string {
  const form = line[start] === '"' ? doubleQuoted : line[start] === "'" ? singleQuoted : inFlow ? plainInFlow : plain;
  form.lastIndex = start;
  return form.exec(line)?.[0].trimEnd() ?? '';
}
