import type { Assertion } from '../assertion.ts';
import type { Reading } from '../reading.ts';
import { longestMatched, matches, parsePattern } from './pattern.ts';
import { parseQuantity } from './quantity.ts';

const takesLong = 'matching takes too long; make the pattern simpler';
const looksNoFurther = `only its first ${String(longestMatched)} characters are looked at`;

/** Why nobody can tell what is not in a text, or how it ends. */
function unseenEnd(text: string, isStart: Reading['isStart']): string | undefined {
  if (isStart) return `only its first ${String(text.length)} characters are kept`;
  return text.length > longestMatched ? looksNoFurther : undefined;
}

/** Whether it holds; why nobody can tell. */
export function compare(
  { subject, comparison, wanted = null, unit }: Assertion,
  { value = null, isStart, isKind }: Reading,
): boolean | string {
  const text = value === null ? undefined : String(value);
  if (isKind && ['does not contain', 'does not match'].includes(comparison)) {
    return `${subject} is ${text ?? ''}; name one of its values, as in ${subject}${text?.startsWith('a list') ? '.0' : '.name'}`;
  }
  const unseen = text === undefined ? undefined : unseenEnd(text, isStart);
  switch (comparison) {
    case 'is':
      if (isStart && String(wanted).startsWith(text ?? '')) return unseen ?? false;
      return value === wanted;
    case 'is not':
      if (isStart && String(wanted).startsWith(text ?? '')) return unseen ?? false;
      return value !== wanted && !(typeof value === 'string' && isWritten(value, wanted, unit));
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const number = typeof value === 'string' ? bareNumber(value) : value;
      return typeof number === 'number' && ordered(comparison, number, Number(wanted));
    }
    case 'contains':
    case 'does not contain': {
      if (text === undefined) return false;
      const found = text.includes(String(wanted));
      if (!found && unseen !== undefined && (isStart || text.endsWith('…'))) return unseen;
      return found === (comparison === 'contains');
    }
    case 'matches':
    case 'does not match': {
      const pattern = parsePattern(String(wanted));
      if (text === undefined || typeof pattern === 'string') return false;
      const found = matches(pattern, text);
      if (found === undefined) return takesLong;
      // What was not looked at may hold what is looked for, and the end that is seen is not the end.
      if (unseen !== undefined && (!found || looksAhead(pattern))) return unseen;
      return found === (comparison === 'matches');
    }
    case 'exists':
    case 'does not exist':
      return `${comparison} compares nothing`;
  }
}

/** Whether what a pattern finds may depend on what comes after it: it names the end of the text, or looks ahead. */
function looksAhead({ source, multiline }: RegExp): boolean {
  const signs = source.replaceAll(/\\./gs, '');
  return (signs.includes('$') && !multiline) || /\(\?[=!]/.test(signs);
}

/** Whether a text is a number or a word as somebody wrote it: a header is always text, and `header x is not 5` means its number. */
function isWritten(text: string, wanted: NonNullable<Assertion['wanted']> | null, unit: Assertion['unit']): boolean {
  if (typeof wanted === 'string') return false;
  if (typeof wanted !== 'number') return text === String(wanted);
  const quantity = parseQuantity(text.trim());
  return quantity?.value === wanted && quantity.unit === unit;
}

/** A header is always text: `header x-queue-length < 10` means its number. */
function bareNumber(text: string): number | undefined {
  const quantity = parseQuantity(text.trim());
  return quantity?.unit === undefined ? quantity?.value : undefined;
}

function ordered(comparison: '<' | '<=' | '>' | '>=', value: number, wanted: number): boolean {
  if (comparison === '<') return value < wanted;
  if (comparison === '<=') return value <= wanted;
  return comparison === '>' ? value > wanted : value >= wanted;
}
