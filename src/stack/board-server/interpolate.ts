import type { VariableAnswer } from './answers.ts';

/** The values of a dashboard's variables, by name. */
export interface Variables {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly declared: ReadonlyMap<string, VariableAnswer>;
}

export const allValues = '$__all';

/** The three ways to write a variable: `$name`, `${name}` or `${name:format}`, `[[name]]`. */
const written = /\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]/g;

/**
 * Puts variables into a text by Grafana's rules for PromQL: several values are an alternative in a regular expression.
 * What it knows nothing of stays as written, such as `$__rate_interval`, which Grafana's server puts in itself.
 */
export function interpolate(text: string, { values, declared }: Variables): string {
  return text.replaceAll(written, (whole, bare?: string, braced?: string, square?: string) => {
    const name = bare ?? braced ?? square ?? '';
    const found = values.get(name);
    const variable = declared.get(name);
    if (found === undefined || variable === undefined) return whole;
    if (found.includes(allValues)) return variable.allValue || '.*';
    const isMany = variable.multi === true || variable.includeAll === true;
    const escaped = isMany ? found.map(escapedTwice) : found;
    return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
  });
}

/** For a regular expression, and that for a string of PromQL. */
function escapedTwice(value: string): string {
  return value.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\\$&`);
}

/** The names of the variables in a text, without those that begin with `__`. */
export function variablesIn(text: string): readonly string[] {
  const names = [...text.matchAll(written)].map(([, bare, braced, square]) => bare ?? braced ?? square ?? '');
  return [...new Set(names.filter((name) => !name.startsWith('__') && !/^\d/.test(name)))];
}
