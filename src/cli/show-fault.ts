import { relative, resolve } from 'node:path';
import type { Fault, Place } from '../base/fault.ts';
import { paint, wrap } from './style.ts';

export interface ShowFaultOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** The folder that paths are shown relative to: the working directory when left out. */
  readonly cwd?: string;
}

/** A source line wider than this is cut around the caret, however wide the terminal is. */
const widestLine = 80;

/**
 * A fault as a person should see it: what is wrong, where, the line with a caret, and what to do about it.
 * Without a newline at the end.
 */
export function showFault(fault: Fault, options: ShowFaultOptions): string {
  const { color, width } = options;
  const headline = `${paint(color, ['red', 'bold'], 'error:')} ${paint(color, 'bold', visible(fault.message))} ${paint(color, 'gray', `(${fault.code})`)}`;
  const hint = fault.hint === undefined ? undefined : visible(fault.hint);
  if (fault.place === undefined) return hint === undefined ? headline : `${headline}\n${wrap(hint, width, '  ')}`;
  return [headline, ...excerpt(fault.place, hint, options)].join('\n');
}

/** Faults one after the other, with their number at the end when there are several. */
export function showFaults(faults: readonly Fault[], options: ShowFaultOptions): string {
  const shown = faults.map((fault) => showFault(fault, options));
  if (faults.length > 1) shown.push(paint(options.color, ['red', 'bold'], `${String(faults.length)} errors`));
  return shown.join('\n\n');
}

function excerpt(place: Place, hint: string | undefined, { color, width, cwd = process.cwd() }: ShowFaultOptions): readonly string[] {
  const number = String(place.line);
  const gutter = ' '.repeat(number.length);
  const bar = (head: string): string => paint(color, 'blue', `${head} |`);
  const path = visible(relative(cwd, resolve(cwd, place.file)));
  const { line, before, marked } = cutAround(place, Math.min(widestLine, Math.max(20, width - number.length - 3)));
  const carets = paint(color, 'red', '^'.repeat(marked));
  const lead = number.length + 3 + before + marked + 1;
  const fits = hint !== undefined && lead + columnsOf(hint) <= width;
  const caretLine = `${bar(gutter)} ${' '.repeat(before)}${carets}${fits ? ` ${paint(color, 'yellow', hint)}` : ''}`;
  const below = hint === undefined || fits ? [] : [paint(color, 'yellow', wrap(hint, width, `${gutter}   `))];
  return [
    `  ${paint(color, 'blue', '-->')} ${path}:${number}:${String(place.column)}`,
    line === '' ? bar(number) : `${bar(number)} ${line}`,
    caretLine,
    ...below,
  ];
}

interface Cut {
  readonly line: string;
  /** Columns before the carets, and how many carets. */
  readonly before: number;
  readonly marked: number;
}

/** More than can be shown on either side of the mark; what is farther away is not even looked at. */
const farthest = 300;

/** The source line with its mark, at most `most` columns wide, and what was left out shown as `…`. */
function cutAround({ source, column, length }: Place, most: number): Cut {
  const from = Math.max(0, column - 1 - farthest);
  const near = source.slice(from, column - 1 + farthest);
  const isMarked = (index: number): boolean => index >= column - 1 && index < column - 1 + length;
  const signs = [...segments.segment(near)].map(({ segment, index }) => {
    const text = visible(segment);
    return { text, columns: columnsOf(text), marked: isMarked(from + index) };
  });
  const firstMarked = signs.findIndex(({ marked }) => marked);
  const first = firstMarked === -1 ? signs.length : firstMarked;
  if (near === source && sum(signs) <= most) return mark(signs, first, '', '');
  // A third of the room goes to what stands before the mark: that is where the key is.
  let start = first;
  for (let room = Math.floor(most / 3); start > 0; start -= 1) {
    room -= signs[start - 1]?.columns ?? 0;
    if (room < 0) break;
  }
  let end = start;
  for (let room = most - 2; end < signs.length; end += 1) {
    room -= signs[end]?.columns ?? 0;
    if (room < 0) break;
  }
  const isCutBefore = from + start > 0;
  const isCutAfter = end < signs.length || from + near.length < source.length;
  return mark(signs.slice(start, end), first - start, isCutBefore ? '…' : '', isCutAfter ? '…' : '');
}

interface Sign {
  readonly text: string;
  readonly columns: number;
  readonly marked: boolean;
}

function mark(signs: readonly Sign[], first: number, head: string, tail: string): Cut {
  return {
    line: (head + signs.map(({ text }) => text).join('') + tail).trimEnd(),
    before: head.length + sum(signs.slice(0, first)),
    marked: Math.max(1, sum(signs.filter(({ marked }) => marked))),
  };
}

function sum(signs: readonly Sign[]): number {
  return signs.reduce((columns, sign) => columns + sign.columns, 0);
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide = /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

/** How many columns of a terminal a text takes. */
function columnsOf(text: string): number {
  return [...segments.segment(text)].reduce((columns, { segment }) => columns + (wide.test(segment) ? 2 : 1), 0);
}

/** Control characters as a visible sign: what stands in a file must not be able to steer the terminal. */
function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(/(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '�');
}
