import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { startTogether } from '../sandbox/part.ts';
import { prove } from './prove.ts';

const stacks = 4;
const runsEach = 5;

describe('the healthy stack', () => {
  const owner = new AsyncDisposableStack();
  let started: readonly AccubooksStack[] = [];
  // All are up before the first is proven: a stack that starts takes the machine away from those beside it.
  beforeAll(async () => {
    const start = async (): Promise<AccubooksStack> =>
      await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations, redundant: true });
    started = await startTogether(owner, Array.from({ length: stacks }, start));
    for (const { prometheus } of started) await prometheus.waitForUpFor('10s');
  }, 300_000);
  afterAll(async () => await owner.disposeAsync());

  // Run after run on one stack also shows that no run leaves anything behind that disturbs the next.
  it.concurrent.each(Array.from({ length: stacks }, (_, index) => index + 1))(
    `is proven ${String(runsEach)} times in a row (stack %i of ${String(stacks)})`,
    async (which) => {
      const stack = started[which - 1];
      if (stack === undefined) throw new Error('there is no such stack');
      for (let run = 1; run <= runsEach; run++) {
        const report = await prove(stack);
        const unproven = report.items.filter(({ state }) => state !== 'proven');
        expect(
          unproven.map(({ id, state, reasons }) => ({ run, id, state, reasons: reasons.filter(({ holds }) => holds !== 'yes') })),
        ).toEqual([]);
        expect(report.decision).toBe('proceed');
      }
    },
  );
});
