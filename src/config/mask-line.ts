import { looksSecret } from './looks-secret.ts';

const keyBeforeValue = /(["']?)([A-Za-z_][\w.-]*)\1\s*:[ \t]+/g;
const defaultOfVariable = /(\$\{([A-Za-z_]\w*):-)([^}]*)/g;

const loginInUrl = /([a-z][a-z0-9+.-]*:\/\/)([^\s/@"']+)@/gi;

const stars = (text: string): string => '*'.repeat(text.length);

/**
 * Stars out what stands after secret-looking keys in a line of YAML, so that a fault can show the line. Columns stay where they are.
 * Works on text and not on the parsed document, because it is needed most where the document could not be parsed.
 */
export function maskLine(line: string): string {
  const withoutLogins = line.replace(loginInUrl, (_, scheme: string, login: string) => `${scheme}${stars(login)}@`);
  let masked = withoutLogins.replace(defaultOfVariable, (all: string, head: string, name: string, value: string) =>
    looksSecret(name) ? head + stars(value) : all,
  );
  for (const match of line.matchAll(keyBeforeValue)) {
    if (!looksSecret(match[2] ?? '')) continue;
    const start = match.index + match[0].length;
    const end = start + valueLength(line.slice(start), line.slice(0, start).includes('{'));
    // A reference to a variable is no secret, and a fault about it must show it.
    if (!line.slice(start, end).includes('${')) masked = masked.slice(0, start) + stars(line.slice(start, end)) + masked.slice(end);
  }
  return masked;
}

function valueLength(rest: string, inFlow: boolean): number {
  const form = rest.startsWith('"') ? /^"(?:[^"\\]|\\.)*"?/ : rest.startsWith("'") ? /^'(?:[^']|'')*'?/ : inFlow ? /^[^,}\]]*[^,}\]\s]/ : /^.*/;
  return form.exec(rest)?.[0].length ?? 0;
}
