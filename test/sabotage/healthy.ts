import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/report/coverage.ts';
import type { Report } from '../../src/report/report.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { watchForStandstill } from '../sandbox/standstill.ts';
import { drilled } from './drilled.ts';
import { prove } from './prove.ts';

/** What is proven here holds on a slow machine too: nothing is to be late but what is broken. */
const environment = 'patient';
/** A scrape may take its time. */
const durations = { ...shortDurations, 'scrape_interval: 15s': 'scrape_interval: 3s' };

/** Run after run on one stack also shows that no run leaves anything behind that disturbs the next. */
const runsEach = 5;

/** A machine that lets nobody run for half of 20 s makes everything late; such a run says nothing about the gate, and is made again. */
const standstillMs = 10_000;
const mostRepeats = 2;

async function proveUnlessHeldUp(stack: AccubooksStack, run: number): Promise<Report> {
  for (let repeats = 0; ; repeats += 1) {
    await using standstill = watchForStandstill();
    // Only the last report is drilled: meanwhile the application, which lives in this process, answers nobody.
    const report = await prove(stack, { environment, examine: run === runsEach ? drilled : undefined });
    if (report.decision === 'proceed' || standstill.lostMs() < standstillMs || repeats === mostRepeats) return report;
    const seconds = (standstill.lostMs() / 1000).toFixed(1);
    process.stderr.write(`run ${String(run)} is made again: this machine stood still for ${seconds} s of 20 s\n`);
  }
}

/**
 * Proves stacks one after the other: here gate, application, stand-ins and proxies share one event loop, and what one gate does
 * would look to another like an outage. Stacks that are to run side by side are declared in files, and so processes, of their own.
 */
export function describeHealthyStacks(stacks: number): void {
  describe('the healthy stack', () => {
    it.each(Array.from({ length: stacks }, (_, index) => index + 1))(
      `is proven ${String(runsEach)} times in a row (stack %i of ${String(stacks)})`,
      async () => {
        await using stack = await startAccubooksStack({ monitoring: 'repaired', durations, environment, redundant: true });
        // A gate questions a stack that has been running: while it starts, everything is late.
        await stack.prometheus.waitForUpFor('10s');
        for (let run = 1; run <= runsEach; run++) {
          const report = await proveUnlessHeldUp(stack, run);
          const unproven = report.items.filter(({ state }) => state !== 'proven');
          expect(
            unproven.map(({ id, state, reasons }) => ({ run, id, state, reasons: reasons.filter(({ holds }) => holds !== 'yes') })),
          ).toEqual([]);
          expect(report.decision).toBe('proceed');
          const checklist = coverage(report).filter(({ ref }) => /^AB-C\d\d$/.test(ref));
          expect(checklist.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'proven'));
        }
      },
    );
  });
}
