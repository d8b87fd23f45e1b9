import type { Assertion, Comparison } from '../assertion.ts';
import type { Mistake } from './mistake.ts';
import { parsePattern } from './pattern.ts';
import { meantQuantity, parseQuantity } from './quantity.ts';

export type Value =
  | { readonly ok: true; readonly wanted?: Assertion['wanted']; readonly unit?: Assertion['unit'] }
  | { readonly ok: false; readonly mistake: Mistake };

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads what stands after a comparison, from `after` on in `text`. */
export function parseValue(comparison: Comparison, text: string, after: number): Value {
  const written = text.slice(after).trim();
  const start = written === '' ? text.length : text.indexOf(written, after);
  const refuse = (message: string, hint?: string, from = start, end = start + written.length): Value => {
    return { ok: false, mistake: { start: from, end: Math.max(end, from), message, hint } };
  };
  if (comparison === 'exists' || comparison === 'does not exist') {
    return written === '' ? { ok: true } : refuse(`nothing stands after "${comparison}"`, 'leave it out');
  }
  if (written === '') {
    const end = text.trimEnd().length;
    return refuse(`what is wanted is missing after "${comparison}"`, undefined, end - (comparison.split(' ').at(-1)?.length ?? 0), end);
  }
  if (comparison === 'matches' || comparison === 'does not match') {
    const pattern = parsePattern(written);
    const unclosed = 'YAML takes what follows " #" for a comment: put the whole assertion in quotes';
    const hint = !written.includes('/') ? `write: ${comparison} /${written}/` : written.lastIndexOf('/') === 0 ? unclosed : undefined;
    return typeof pattern === 'string' ? refuse(pattern, hint) : { ok: true, wanted: written };
  }
  if (comparison === '<' || comparison === '<=' || comparison === '>' || comparison === '>=') {
    const quantity = parseQuantity(written);
    if (quantity !== undefined) return { ok: true, wanted: quantity.value, unit: quantity.unit };
    const meant = meantQuantity(written);
    const hint = meant === undefined ? 'such as 5, 500ms, 14d, 1MB or 99.5%' : `did you mean ${meant}?`;
    return refuse(`"${written}" is not a number, a time, a size or a share`, hint);
  }
  if (/^["']/.test(written)) return quoted(written, refuse);
  const space = /\s/.exec(written);
  if (space !== null) {
    const meant = comparison === 'is' || comparison === 'is not' ? meantQuantity(written) : undefined;
    return refuse('text with spaces stands in quotes', `write: ${comparison} ${meant ?? JSON.stringify(written)}`);
  }
  if (/^[<>=!]+$/.test(written)) return refuse(`"${written}" is a comparison, and there is one already`, `leave "${comparison}" out`);
  // A text contains only text: `contains 200` looks for three digits.
  if (comparison === 'contains' || comparison === 'does not contain') return { ok: true, wanted: written };
  const word = words.get(written);
  if (word !== undefined) return { ok: true, wanted: word };
  const quantity = parseQuantity(written);
  return quantity === undefined ? { ok: true, wanted: written } : { ok: true, wanted: quantity.value, unit: quantity.unit };
}

function quoted(written: string, refuse: (message: string, hint?: string) => Value): Value {
  // In 'single' quotes everything stands for itself; in "double" quotes a backslash starts an escape, as in JSON.
  const [, plain] = /^'([^']*)'$/.exec(written) ?? [];
  if (plain !== undefined) return { ok: true, wanted: plain };
  const mark = written.slice(0, 1);
  if (written.length < 2 || !written.endsWith(mark)) return refuse(`the closing ${mark} is missing, or something stands after it`);
  try {
    const text: unknown = JSON.parse(written);
    if (typeof text === 'string') return { ok: true, wanted: text };
  } catch {
    // Said below.
  }
  return refuse(
    'this text cannot be read',
    mark === '"' ? String.raw`write \" for a quote within, and \\ for a backslash` : 'use "double" quotes',
  );
}
