import { closest } from '../../base/closest.ts';
import { shortened } from '../../base/shortened.ts';
import type { Assertion } from '../assertion.ts';
import type { Reading, Readings } from '../reading.ts';
import { compare } from './compare.ts';
import { showQuantity } from './quantity.ts';

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
