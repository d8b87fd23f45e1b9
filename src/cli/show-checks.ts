import type { Holds } from '../gate/finding.ts';
import type { Verification } from '../report/verify.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { paint, wrap } from './style.ts';

const marks = { yes: ['✓', 'green'], no: ['✗', 'red'], unknown: ['?', 'yellow'] } as const satisfies Record<
  Holds,
  readonly [string, string]
>;

/** One line for each check, wrapped to the terminal. */
export function showChecks(
  checks: Verification['checks'],
  { color, columns = Infinity }: Pick<Io, 'color' | 'columns'>,
): readonly string[] {
  const width = Math.max(...checks.map(({ check }) => check.length));
  return checks.map(({ check, holds, says }) => {
    const [mark, style] = marks[holds];
    const said = wrap(visible(says), columns, ' '.repeat(width + 6)).trimStart();
    return `  ${paint(color, style, mark)} ${check.padEnd(width)}  ${said}`;
  });
}
