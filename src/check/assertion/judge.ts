import { closest } from '../../base/closest.ts';
import { shortened } from '../../base/shortened.ts';
import type { Assertion } from '../assertion.ts';
import type { Reading, Readings } from '../reading.ts';
import { longestMatched, matches, parsePattern } from './pattern.ts';
import { parseQuantity, showQuantity } from './quantity.ts';

/** What does not hold, and what nobody can tell: both empty when all assertions hold. */
export interface AssertionReasons {
  readonly failed: readonly string[];
  readonly untold: readonly string[];
}

/** Judges assertions by what was read. Pure, but for a pattern that takes too long, which is then untold. */
export function judgeAssertions(assertions: readonly Assertion[], readings: Readings): AssertionReasons {
  const failed: string[] = [];
  const untold: string[] = [];
  for (const assertion of assertions) {
    const reading = readingOf(assertion, readings);
    const said = reading === undefined ? unknownReading(assertion, readings) : judge(assertion, reading);
    if (said !== undefined) (said.untold === true ? untold : failed).push(said.reason);
  }
  return { failed, untold };
}

/** The reading that an assertion names; names differ in capitals (`header Content-Type`) only where no other one is meant. */
export function readingOf({ subject }: Assertion, readings: Readings): Reading | undefined {
  const exact = readings.get(subject);
  if (exact !== undefined) return exact;
  const alike = readings.keys().filter((name) => name.toLowerCase() === subject.toLowerCase());
  const [only, another] = [...alike];
  return only === undefined || another !== undefined ? undefined : readings.get(only);
}

interface Said {
  readonly reason: string;
  readonly untold?: true;
}

const mostNames = 30;

function unknownReading({ text, subject }: Assertion, readings: Readings): Said {
  const names = [...readings.keys()].toSorted();
  const near = closest(subject, names);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  const listed = `${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ', …' : ''}`;
  const known = names.length === 0 ? 'this probe has no readings' : `the readings are: ${listed}`;
  return { reason: `"${text}" cannot be told: there is no reading "${subject}"${meant} (${known})`, untold: true };
}

function judge(assertion: Assertion, reading: Reading): Said | undefined {
  const { text, subject, comparison, wanted = null, unit } = assertion;
  const { value } = reading;
  if (reading.wrong !== undefined) return { reason: `${reading.wrong}, expected ${subject} ${expectation(assertion)}` };
  if (reading.untold !== undefined && !isSettled(assertion, reading)) {
    return { reason: `"${text}" cannot be told: ${reading.untold}`, untold: true };
  }
  if (comparison === 'exists') return value === undefined ? { reason: `${subject} does not exist` } : undefined;
  if (comparison === 'does not exist') {
    return value === undefined ? undefined : { reason: `${subject} is ${show(reading)}, expected not to exist` };
  }
  if (value === undefined) return { reason: `${subject} does not exist, expected ${expectation(assertion)}` };
  const mixed =
    typeof wanted === 'number' && typeof value === 'number' && wanted !== 0 && unit !== reading.unit && mixedUnits(assertion, reading);
  if (typeof mixed === 'string') return { reason: `"${text}" cannot be told: ${mixed}`, untold: true };
  const holds = compare(assertion, reading);
  if (holds === true) return undefined;
  if (typeof holds === 'string') return { reason: `"${text}" cannot be told: ${holds}`, untold: true };
  return { reason: `${subject} ${shownBeside(reading, assertion)}, expected ${expectation(assertion)}` };
}

/** Whether a number that is only the least that it can be tells enough: what is wanted lies below it, and more of it changes nothing. */
function isSettled({ comparison, wanted }: Assertion, { value }: Reading): boolean {
  if (typeof value !== 'number') return false;
  switch (comparison) {
    case 'exists':
    case 'does not exist':
      return true;
    case 'is':
    case 'is not':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeof wanted === 'number' && wanted < value;
    case 'contains':
    case 'does not contain':
    case 'matches':
    case 'does not match':
      return false;
  }
}

const takesLong = 'matching takes too long; make the pattern simpler';
const looksNoFurther = `only its first ${String(longestMatched)} characters are looked at`;

/** Why nobody can tell what is not in a text, or how it ends. */
function unseenEnd(text: string, isStart: Reading['isStart']): string | undefined {
  if (isStart) return `only its first ${String(text.length)} characters are kept`;
  return text.length > longestMatched ? looksNoFurther : undefined;
}

/** Whether it holds; why nobody can tell. */
function compare({ subject, comparison, wanted = null, unit }: Assertion, { value = null, isStart, isKind }: Reading): boolean | string {
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

const measures = { ms: 'a time', bytes: 'a size', ratio: 'a share' } as const;
const examples = { ms: '500ms', bytes: '1MB', ratio: '99.5%' } as const;

function mixedUnits({ subject, unit }: Assertion, reading: Reading): string | undefined {
  // A share may be written as the number that it is.
  if (reading.unit === 'ratio' && unit === undefined) return undefined;
  if (reading.unit === undefined) return `${subject} is a number without a unit`;
  return `${subject} is ${measures[reading.unit]}, to be compared with something such as ${examples[reading.unit]}`;
}

function expectation({ comparison, wanted = null, unit }: Assertion): string {
  const shown = typeof wanted === 'number' ? showQuantity({ value: wanted, unit }) : JSON.stringify(wanted);
  switch (comparison) {
    case 'is':
      return shown;
    case 'is not':
      return `anything but ${shown}`;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${comparison} ${shown}`;
    case 'contains':
      return `to contain ${shown}`;
    case 'does not contain':
      return `not to contain ${shown}`;
    case 'matches':
      return `to match ${String(wanted)}`;
    case 'does not match':
      return `not to match ${String(wanted)}`;
    case 'exists':
      return 'to exist';
    case 'does not exist':
      return 'not to exist';
  }
}

/** A reading beside what was wanted: exact where rounding would make the two look alike, with its kind where only that differs. */
function shownBeside(reading: Reading, { wanted, unit }: Assertion): string {
  const { value } = reading;
  if (typeof value === 'number' && typeof wanted === 'number') {
    const isAlike = showQuantity({ value, unit: reading.unit }) === showQuantity({ value: wanted, unit }) && value !== wanted;
    return isAlike ? `${reading.untold === undefined ? '' : leastIs}${showQuantity({ value, unit: reading.unit }, true)}` : show(reading);
  }
  const kindDiffers = typeof value === 'string' && typeof wanted === 'number';
  if (reading.isKind) return `is ${show(reading)}`;
  return kindDiffers ? `is the text ${show(reading)}` : show(reading);
}

const longestShown = 200;
const leastIs = 'at least ';

function show({ value, unit, untold, isKind }: Reading): string {
  if (typeof value === 'number') return `${untold === undefined ? '' : leastIs}${showQuantity({ value, unit })}`;
  if (typeof value !== 'string' || isKind) return String(value);
  return JSON.stringify(shortened(value, longestShown));
}
