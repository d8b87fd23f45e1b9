import { visible } from '../../report/visible.ts';

/**
 * Text from elsewhere, on one line, read as text and never as Markdown, HTML or a formula; `snake_case`, `x[5m]` and `a < b`
 * stay as they are. Must not begin a line: what only acts there (`#`, `>`, `-`, `1.`) is not escaped.
 */
export function text(value: string): string {
  return visible(value)
    .replaceAll(/[\\`*~$]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=[([])/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, (run) => run.replaceAll('_', '\\_'));
}

/** A name from elsewhere as a code span. */
export function code(value: string): string {
  const shown = visible(value).trim();
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A code span inside a table, where a bar would end the cell even within a code span. */
export function cell(value: string): string {
  return code(value).replaceAll('|', '\\|');
}
