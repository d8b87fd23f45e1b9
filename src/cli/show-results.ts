import { formatDuration } from '../base/duration.ts';
import type { Outcome } from '../check/outcome.ts';
import { visible } from '../report/visible.ts';
import type { CheckResult, Results } from '../results/results.ts';
import type { Io } from './io.ts';
import { cut, paint, wrap } from './style.ts';

/** One sign and one colour for each status, everywhere in the terminal. */
const statusSigns = {
  pass: { sign: '✓', format: 'green' },
  fail: { sign: '✗', format: 'red' },
  error: { sign: '?', format: 'yellow' },
} as const satisfies Record<Outcome['status'], { readonly sign: string; readonly format: string }>;

/** A check and how it ended: one line, and below it why it did not pass. */
export function showResult(result: CheckResult, nameWidth: number, { color, columns }: Pick<Io, 'color' | 'columns'>): string {
  const { name, statement, status, reasons, attempts, runbook, evidence } = result;
  const { sign, format } = statusSigns[status];
  const tries = attempts > 1 ? ` (${String(attempts)} attempts)` : '';
  const start = `${sign} ${visible(name).padEnd(nameWidth)}  ${status.padEnd(5)}  ${tookOf(result).padEnd(7)}`;
  const rest = `${statement === name ? '' : visible(statement)}${tries}`;
  const said = columns === undefined ? rest : cut(rest, columns - start.length - 2);
  const head = `${paint(color, format, sign)}${start.slice(sign.length)}  ${said}`.trimEnd();
  const below = [
    ...reasons,
    ...(status === 'pass' || runbook === undefined ? [] : [`→ ${runbook}`]),
    ...evidence.map((file) => `evidence: ${file}`),
  ];
  return [head, ...below.map((text) => wrap(visible(text), columns ?? Number.POSITIVE_INFINITY, '    '))].join('\n');
}

/** What all of them came to, in one line. */
export function showResultsTotal({ checks, startedAt, finishedAt }: Results, { color }: Pick<Io, 'color'>): string {
  const count = (status: Outcome['status']): number => checks.filter((each) => each.status === status).length;
  const parts = [
    [count('fail'), 'failed', 'red'],
    [count('error'), 'could not be told', 'yellow'],
    [count('pass'), 'passed', 'green'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word, format]) => paint(color, format, `${String(number)} ${word}`));
  return `${told.join(', ')}  (${formatDuration(Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 100) * 100)})`;
}

/** `42ms`, `1.3s`, `2m5s`: three digits say enough. */
function tookOf({ durationMs }: CheckResult): string {
  if (durationMs < 999.5) return `${String(Math.round(durationMs))}ms`;
  return durationMs < 60_000 ? `${(durationMs / 1000).toFixed(1)}s` : formatDuration(Math.round(durationMs / 1000) * 1000);
}
