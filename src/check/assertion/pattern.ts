import { createContext, Script, type Context } from 'node:vm';

const form = /^\/(.+)\/([a-z]*)$/s;
const knownFlags = /^[imsu]*$/;

/** The pattern that `/…/flags` stands for; a text that says why there is none. */
export function parsePattern(written: string): RegExp | string {
  const [, source, flags = ''] = form.exec(written) ?? [];
  if (source === undefined) return 'a pattern stands between slashes, as in /ok/i';
  if (!knownFlags.test(flags)) return `the flags of a pattern are i, m, s and u, not "${flags}"`;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    return `not a regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, '') : String(error)}`;
  }
}

/** What is looked at of a text; the rest is not. */
export const longestMatched = 100_000;

/** A pattern with two repetitions, or one of a choice, can take longer than the universe lasts, for a text of fifty letters. */
const patienceMs = 250;
const shortText = 2_000;

let guard: { readonly context: Context & { pattern: RegExp; text: string }; readonly script: Script } | undefined;

/** One repetition of no group over a short text ends soon by itself, and watching over it takes longer than the matching. */
function endsSoon({ source }: RegExp): boolean {
  return (source.match(/[*+?{]/g) ?? []).length < 2 && !/\)[*+?{]/.test(source);
}

/** Whether a pattern is found in a text; undefined when that takes too long to tell. Never holds the process up for long. */
export function matches(pattern: RegExp, wholeText: string): boolean | undefined {
  const text = wholeText.slice(0, longestMatched);
  if (text.length <= shortText && endsSoon(pattern)) return pattern.test(text);
  guard ??= { context: Object.assign(createContext({}), { pattern, text }), script: new Script('pattern.test(text)') };
  Object.assign(guard.context, { pattern, text });
  try {
    return guard.script.runInContext(guard.context, { timeout: patienceMs }) as boolean;
  } catch {
    // Too long, or too large to be compiled: nobody can tell.
    return undefined;
  } finally {
    Object.assign(guard.context, { text: '' });
  }
}
