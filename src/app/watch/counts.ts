import type { Belief } from '../../check/belief.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Weight } from '../../schedule/job.ts';

/** What the daemon counts between two summaries, and what goes on now. */
export function createCounts() {
  const since = { passed: 0, failed: 0, errored: 0, missed: 0 };
  const running: Record<Weight, number> = { light: 0, heavy: 0 };
  let isStoreFailing = false;
  const names = { pass: 'passed', fail: 'failed', error: 'errored' } as const;
  return {
    result: (status: Outcome['status']): void => void (since[names[status]] += 1),
    missed: (slots: number): void => void (since.missed += slots),
    runs: (weight: Weight): Disposable => {
      running[weight] += 1;
      return { [Symbol.dispose]: () => void (running[weight] -= 1) };
    },
    running: (): Readonly<Record<Weight, number>> => ({ ...running }),
    sinceLast: () => {
      const told = { ...since };
      Object.assign(since, { passed: 0, failed: 0, errored: 0, missed: 0 });
      return told;
    },
    /** Whether that is news. */
    storeFails: (failing: boolean): boolean => {
      const isNews = failing !== isStoreFailing;
      isStoreFailing = failing;
      return isNews;
    },
    states: (beliefs: readonly Belief[]) => {
      const count = (state: Belief['state']): number => beliefs.filter((belief) => belief.state === state).length;
      return { well: count('well'), failing: count('failing'), unknown: count('unknown') };
    },
    isFailing: ({ state }: Belief): boolean | undefined => (state === 'unknown' ? undefined : state === 'failing'),
  };
}
