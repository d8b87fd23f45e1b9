import type { Report } from '../../src/report/report.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { prove } from './prove.ts';
import type { Family, Row } from './row.ts';

/** What came of one sabotage. */
export interface Tried {
  readonly says: string;
  /** `scrape disproven`, of every item that was to turn red. */
  readonly by: readonly string[];
  /** The reason that names the cause. */
  readonly reason: string | undefined;
  /** Everything that is not as it must be; empty when the sabotage was caught. */
  readonly wrong: readonly string[];
  readonly tookMs: number;
}

/** A stack on which a family's rows can be tried one after the other. */
export async function startStackFor({ redundant = false }: Family): Promise<AccubooksStack> {
  return await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations, redundant });
}

/** Sabotages the stack, runs the family's items, mends the stack, and compares. */
export async function tryRow(stack: AccubooksStack, family: Family, row: Row): Promise<Tried> {
  const started = performance.now();
  const run = [...new Set([...(row.items ?? family.items), ...Object.keys(row.red)])];
  try {
    await stack.sabotage(row.sabotage ?? {});
    await row.act?.(stack);
    const report = await prove(stack, { only: run, variables: { ...family.variables, ...row.variables } });
    const reasons = reasonsAgainst(report, Object.keys(row.red));
    const reason = reasons.find((says) => row.because.test(says));
    const wrong = differences(report, run, row.red);
    return {
      says: row.says,
      by: Object.entries(row.red).map(([id, state]) => `${id} ${state}`),
      reason,
      wrong: reason === undefined ? [...wrong, `no reason says ${String(row.because)}, only: ${reasons.join(' | ')}`] : wrong,
      tookMs: Math.round(performance.now() - started),
    };
  } finally {
    await stack.mend();
  }
}

/** Runs the family's items on the mended stack: whatever is not proven then. */
export async function unprovenWhenMended(stack: AccubooksStack, family: Family): Promise<readonly string[]> {
  return differences(await prove(stack, { only: family.items }), family.items, {});
}

/** Where the items that were run are not as they must be when just these are red: what rests on them is blocked, all others are proven. */
function differences(report: Report, run: readonly string[], red: Row['red']): readonly string[] {
  const needsOf = (id: string): readonly string[] => report.items.find((item) => item.id === id)?.needs ?? [];
  const withNeeds = (id: string): readonly string[] => [id, ...needsOf(id).flatMap(withNeeds)];
  const expected = (id: string): string => {
    if (needsOf(id).some((need) => expected(need) !== 'proven')) return 'blocked';
    return red[id] ?? 'proven';
  };
  const tried = new Set(run.flatMap(withNeeds));
  return report.items
    .filter(({ id, state }) => tried.has(id) && state !== expected(id))
    .map(({ id, state }) => `${id} is ${state} instead of ${expected(id)}: ${reasonsAgainst(report, [id]).join(' | ')}`);
}

function reasonsAgainst(report: Report, ids: readonly string[]): readonly string[] {
  return report.items
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ reasons }) => reasons)
    .filter(({ holds }) => holds !== 'yes')
    .map(({ says, hint }) => (hint === undefined ? says : `${says} → ${hint}`));
}
