import type { ErrorCode, YAMLError } from 'yaml';
import { Fault } from '../base/fault.ts';
import { placeAt, type SourceFile, type Span } from './source-file.ts';

export function invalidYaml(file: SourceFile, span: Span, message: string, hint?: string): Fault {
  return new Fault('config/invalid-yaml', message, { hint, place: placeAt(file, span) });
}

const hints: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: 'in "double quotes" a backslash starts an escape: write \\\\ or use single quotes',
  BAD_INDENT: 'check the indentation: the keys of one map stand in one column',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'check the indentation; text that contains ": " needs quotes',
  MISSING_CHAR: 'is a quote or a bracket left open?',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing, or the indentation wrong?',
  TAB_AS_INDENT: 'use spaces',
  UNEXPECTED_TOKEN: 'check the indentation, quotes and brackets here and just above',
};

const ownWords: Partial<Record<ErrorCode, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a map cannot start here',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'tabs cannot be used to indent',
};

/** What the YAML parser found wrong, in words that say what to do. */
export function yamlFault(file: SourceFile, error: YAMLError): Fault {
  const [start, end] = error.pos;
  // In { } and [ ] the braces of an unquoted variable are YAML's own: by far the likeliest mistake in our files.
  const variable = /^\$\{[^}\n]*\}?/.exec(file.text.slice(Math.max(0, start - 1)));
  if (variable !== null && file.text[start] === '{') {
    const span = { start: start - 1, end: start - 1 + variable[0].length };
    return invalidYaml(file, span, 'inside { } and [ ] a variable needs quotes', `write '${variable[0]}'`);
  }
  const message = ownWords[error.code] ?? error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return invalidYaml(file, { start, end }, `invalid YAML: ${message}`, hints[error.code]);
}
