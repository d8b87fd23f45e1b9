import { stripVTControlCharacters, styleText } from 'node:util';
import type { State } from '../gate/verdict.ts';

type Format = Parameters<typeof styleText>[0];

/** Colours text when `color`; the words must say everything without it. */
export function paint(color: boolean, format: Format, text: string): string {
  return color ? styleText(format, text, { validateStream: false }) : text;
}

/** One sign and one colour for each state, everywhere in the terminal. */
export const signs: Readonly<Record<State, { readonly sign: string; readonly format: Format }>> = {
  proven: { sign: '✓', format: 'green' },
  disproven: { sign: '✗', format: 'red' },
  inconclusive: { sign: '?', format: 'yellow' },
  blocked: { sign: '·', format: 'gray' },
  waived: { sign: '~', format: 'yellow' },
};

/** Cuts a line to `columns`, counting what is seen and not the colour codes. */
export function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= columns) return line;
  return `${plain.slice(0, columns - 1)}…`;
}

/** Breaks text at spaces to `columns`, every line behind `indent`. A word longer than a line stays whole, so that it can be copied. */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => indent + line).join('\n');
}
