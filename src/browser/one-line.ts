import { stripVTControlCharacters } from 'node:util';
import { shortened } from '../base/shortened.ts';

const longest = 500;

/** What an error of Playwright's says, in one line: no colours, no stack, and of its log only what it waited for. */
export function oneLine(error: unknown): string {
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  const [said = '', log = ''] = text.split(/\n(?:=+ logs =+|Call log:)\n/, 2);
  const parts = said
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
  const waiting = /^\s*-\s*(waiting for .*)$/m.exec(log)?.[1];
  if (waiting !== undefined && !said.includes(waiting)) parts.push(waiting);
  const line = parts.join('; ');
  return shortened(line, longest);
}
