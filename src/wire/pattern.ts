import { z } from 'zod';

/** A regular expression in configuration, as text. */
export const pattern = z.string().min(1).refine(isPattern, 'is no regular expression').meta({ expects: 'a regular expression' });

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

/** `^` and `$` stand for the beginning and the end of lines. */
function compiled(text: string): RegExp {
  return new RegExp(text, 'mu');
}

/** What was wanted of a text: a part of it, or a pattern. */
export interface Wanted {
  /** Its name, where it has one. */
  readonly event?: string | undefined;
  readonly contains?: string | undefined;
  readonly matches?: string | undefined;
}

/** Where in `text` the first match ends; undefined when there is none. Anything matches when nothing is wanted. */
export function endOfMatch(text: string, { contains, matches }: Wanted): number | undefined {
  if (contains !== undefined) {
    const at = text.indexOf(contains);
    return at === -1 ? undefined : at + contains.length;
  }
  if (matches === undefined) return text.length;
  const found = compiled(matches).exec(text);
  return found === null ? undefined : found.index + found[0].length;
}

/** ` that contains "pong"`, ` named price that matches /^250/`; empty when anything would do. */
export function inWords({ event, contains, matches }: Wanted): string {
  const name = event === undefined ? '' : ` named ${event}`;
  if (contains !== undefined) return `${name} that contains ${JSON.stringify(contains)}`;
  return matches === undefined ? name : `${name} that matches /${matches.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}/`;
}
