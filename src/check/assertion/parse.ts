import { closest } from '../../base/closest.ts';
import type { Assertion, Comparison } from '../assertion.ts';
import type { Mistake } from './mistake.ts';
import { parseValue, type Value } from './parse-value.ts';

export type ParsedAssertion = { readonly ok: true; readonly assertion: Assertion } | { readonly ok: false; readonly mistake: Mistake };

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `is not` before `is`: the first that fits is taken. */
const comparisons: readonly Comparison[] = [
  'is not',
  'is',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'does not contain',
  'matches',
  'does not match',
  'exists',
  'does not exist',
];

/** What people write who come from elsewhere. */
const otherwise: Readonly<Record<string, Comparison>> = {
  '=': 'is',
  '==': 'is',
  '===': 'is',
  equals: 'is',
  eq: 'is',
  '!=': 'is not',
  '!==': 'is not',
  '<>': 'is not',
  '=<': '<=',
  '=>': '>=',
  under: '<',
  below: '<',
  lt: '<',
  lte: '<=',
  over: '>',
  above: '>',
  gt: '>',
  gte: '>=',
  has: 'contains',
  includes: 'contains',
  '~': 'matches',
  '=~': 'matches',
};

/** Longer ones are no statement that anybody can read, and could take long to take apart. */
const longest = 1_000;

/** Reads one assertion: a subject, a comparison, and what is wanted. Never throws. */
export function parseAssertion(text: string): ParsedAssertion {
  if (text.length > longest)
    return refused({ start: 0, end: text.length, message: `an assertion has at most ${String(longest)} characters` });
  const words = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?=\s|$)|\S+/g)].map(({ 0: word, index }): Word => ({
    text: word,
    ...spanOf(index, word),
  }));
  const [first] = words;
  if (first === undefined)
    return refused({ start: 0, end: text.length, message: 'an assertion is missing', hint: 'such as: status is 200' });
  const found = words.keys().map((index) => ({ index, comparison: index === 0 ? undefined : comparisonAt(words, index) }));
  const { index: at, comparison } = found.find((each) => each.comparison !== undefined) ?? { index: 0, comparison: undefined };
  if (comparison === undefined) return refused(withoutComparison(text, words, first));
  const last = words[at + comparison.split(' ').length - 1] ?? first;
  const value = parseValue(comparison, text, last.end);
  if (!value.ok) return value;
  const subject = words.slice(0, at).map(({ text: word }) => unquoted(word));
  return { ok: true, assertion: { text, subject: subject.join(' '), comparison, ...wantedOf(value) } };
}

function wantedOf({ wanted, unit }: Extract<Value, { readonly ok: true }>): Pick<Assertion, 'wanted' | 'unit'> {
  return { ...(wanted === undefined ? {} : { wanted }), ...(unit === undefined ? {} : { unit }) };
}

function spanOf(start: number, word: string): Pick<Word, 'start' | 'end'> {
  return { start, end: start + word.length };
}

/** In a subject, quotes hold together what has spaces in it, or looks like a comparison. */
function unquoted(word: string): string {
  return /^".+"$/.test(word) ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word;
}

function comparisonAt(words: readonly Word[], index: number): Comparison | undefined {
  return comparisons.find((each) => each.split(' ').every((part, offset) => words[index + offset]?.text === part));
}

function withoutComparison(text: string, words: readonly Word[], first: Word): Mistake {
  for (const word of words.slice(1)) {
    const { text: written, start, end } = word;
    if (written === 'does') {
      const rest = words.filter((each) => each.start >= start).map((each) => each.text);
      const hint = closest(
        rest.slice(0, 3).join(' '),
        comparisons.filter((each) => each.startsWith('does')),
      );
      const message = '"does" goes on as "does not contain", "does not match" or "does not exist"';
      return { start, end, message, hint: hint && `did you mean "${hint}"?` };
    }
    const meant = otherwise[written.toLowerCase()] ?? closest(written.toLowerCase(), comparisons);
    if (meant !== undefined) return { start, end, message: `"${written}" is no comparison`, hint: `did you mean "${meant}"?` };
  }
  const glued = /\S*[^\s<>=!](<=|>=|[<>]|[=!]=?=?)\S*/.exec(text);
  if (glued !== null) {
    const sign = otherwise[glued[1] ?? ''] ?? glued[1] ?? '';
    const spaced = glued[0].replace(glued[1] ?? '', ` ${sign} `).trim();
    return { ...spanOf(glued.index, glued[0]), message: 'a comparison stands between spaces', hint: `write: ${spaced}` };
  }
  const missing = words.length === 1 ? first : (words[1] ?? first);
  const hint = `the comparisons are: ${comparisons.join(', ')}`;
  return { start: missing.start, end: missing.end, message: `"${text.trim()}" compares nothing`, hint };
}

function refused(mistake: Mistake): ParsedAssertion {
  return { ok: false, mistake };
}
