import { z } from 'zod';

/** No more than what reads it again and writes it can follow. */
const deepest = 500;

/**
 * Any value that JSON can hold. z.json() says the same, and tries every kind of value at every place: a report of 500 items would wait
 * for it longer than for its judges. Throws a RangeError for what is nested beyond all reason.
 */
export const jsonValue = z.custom<z.core.util.JSONType>((value) => isJson(value, 0), 'not a JSON value');

function isJson(value: unknown, depth: number): boolean {
  if (depth > deepest) throw new RangeError(`nested more than ${String(deepest)} levels deep`);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object') return false;
  return Object.values(value).every((each) => isJson(each, depth + 1));
}
