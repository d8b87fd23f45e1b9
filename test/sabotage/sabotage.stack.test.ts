import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { shortDurations, startAccubooksStack } from '../sandbox/accubooks-stack.ts';
import { prove } from './prove.ts';
import { table } from './table.ts';

/** What every item must come to when just these are red: whatever rests on one of them is blocked, everything else is proven. */
function expected(report: Report, red: Readonly<Record<string, string>>): Record<string, string> {
  const stateOf = (id: string): string => {
    if (red[id] !== undefined) return red[id];
    const needs = report.items.find((item) => item.id === id)?.needs ?? [];
    return needs.some((need) => stateOf(need) !== 'proven') ? 'blocked' : 'proven';
  };
  return Object.fromEntries(report.items.map(({ id }) => [id, stateOf(id)]));
}

function found(report: Report): Record<string, string> {
  return Object.fromEntries(report.items.map(({ id, state }) => [id, state]));
}

/** Everything that is said against the items named. */
function against(report: Report, items: readonly string[]): string {
  const reasons = report.items.filter(({ id }) => items.includes(id)).flatMap((item) => item.reasons);
  return reasons
    .filter(({ holds }) => holds !== 'yes')
    .map(({ says, hint = '' }) => `${says} ${hint}`)
    .join('\n');
}

describe('each sabotage turns exactly the right items red', () => {
  it('has at least 25 of them, all different', () => {
    expect(new Set(table.map(({ says }) => says)).size).toBe(table.length);
    expect(table.length).toBeGreaterThanOrEqual(25);
  });

  it.concurrent.each(table)('when $says', async ({ stack: sabotage = {}, live, red, because }) => {
    await using stack = await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations, sabotage });
    await live?.(stack);
    const report = await prove(stack);
    const reasons = against(report, Object.keys(red));
    expect(
      found(report),
      reasons ||
        against(
          report,
          report.items.map(({ id }) => id),
        ),
    ).toEqual(expected(report, red));
    expect(reasons).toMatch(because);
    expect(report.decision).toBe('do-not-proceed');
  });
});
