import { dirname, isAbsolute, join } from 'node:path';
import type { Place } from '../base/fault.ts';
import { continuesSecret, maskLine, maskWhole } from './mask-line.ts';

/** A configuration file as it was read. */
export interface SourceFile {
  /** As people know it: relative when the gate file was named so. */
  readonly path: string;
  /** Without a byte order mark, so that offsets and columns agree with what an editor shows. */
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** Lines as faults may show them, as far as they have been asked for. */
  readonly shown: Map<number, string>;
}

/** A stretch of a file, as offsets into its text; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function sourceFile(path: string, verbatim: string): SourceFile {
  const text = verbatim.replace(/^\uFEFF/, '');
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { path, text, lineStarts, shown: new Map() };
}

/** A path that `file` names, as people would write it from where they are: absolute only when the file itself was named so. */
export function pathBeside(file: SourceFile, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file.path), path);
}

/** The place of a span: its first line, with secret-looking values starred out. Always inside the file. */
export function placeAt(file: SourceFile, span: Span): Place {
  const start = Math.min(Math.max(span.start, 0), file.text.length);
  const line = lineOf(file, start);
  const lineStart = file.lineStarts[line] ?? 0;
  const source = file.text.slice(lineStart, file.lineStarts[line + 1]).replace(/\r?\n?$/, '');
  const shown = file.shown.get(line) ?? (continuesSecret(source, linesAbove(file, line)) ? maskWhole(source) : maskLine(source));
  file.shown.set(line, shown);
  const column = Math.min(start - lineStart, source.length);
  const marked = source.slice(column, Math.max(column, span.end - lineStart)).trimEnd();
  return { file: file.path, line: line + 1, column: column + 1, length: Math.max(1, marked.length), source: shown };
}

/** More lines than a key has between itself and its value; a private key has some 50. */
const farthestAbove = 200;

function* linesAbove({ text, lineStarts }: SourceFile, line: number): Iterable<string> {
  for (let at = line - 1; at >= Math.max(0, line - farthestAbove); at -= 1) yield text.slice(lineStarts[at], lineStarts[at + 1]);
}

/** The index of the line that holds `offset`. */
function lineOf(file: SourceFile, offset: number): number {
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((file.lineStarts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
