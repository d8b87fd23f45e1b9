import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/report/coverage.ts';
import type { Report } from '../../src/report/report.ts';
import { newestReport, runAccubooksGate } from '../sandbox/accubooks-gate.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { watchForStandstill } from '../sandbox/standstill.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { drilled } from './drilled.ts';

/** What is proven here holds on a slow machine too: nothing is to be late but what is broken. */
const environment = 'patient';
/** A scrape may take its time. */
const durations = { ...shortDurations, 'scrape_interval: 15s': 'scrape_interval: 3s' };

/** Run after run on one stack also shows that no run leaves anything behind that disturbs the next. */
const runsEach = 5;

/** A machine that lets nobody run for so long of 20 s makes everything late: a run that fails then says nothing about the gate. */
const standstillMs = 10_000;
const mostRepeats = 2;

/** The newest report after a run; a run during which the machine stood still, and which failed, is made again. */
async function prove(stack: AccubooksStack, run: number, reports: string): Promise<{ folder: string; report: Report }> {
  for (let repeats = 0; ; repeats += 1) {
    await using standstill = watchForStandstill();
    const { exitCode, said } = await runAccubooksGate(stack, { environment, reports });
    if (exitCode === 0 || standstill.lostMs() < standstillMs || repeats === mostRepeats) {
      expect([0, 1, 3], said).toContain(exitCode);
      return await newestReport(reports);
    }
    const seconds = (standstill.lostMs() / 1000).toFixed(1);
    process.stderr.write(`run ${String(run)} is made again: this machine stood still for ${seconds} s of 20 s\n`);
  }
}

/** Stacks that are to run side by side are declared in files, and so processes, of their own. */
export function describeHealthyStacks(stacks: number): void {
  describe('the healthy stack', () => {
    it.each(Array.from({ length: stacks }, (_, index) => index + 1))(
      `is proven ${String(runsEach)} times in a row (stack %i of ${String(stacks)})`,
      async () => {
        await using reports = await createTempFolder('healthy');
        await using stack = await startAccubooksStack({ monitoring: 'repaired', durations, environment, redundant: true });
        // A gate questions a stack that has been running: while it starts, everything is late. It looks 15 s back.
        await stack.prometheus.waitForUpFor('20s');
        for (let run = 1; run <= runsEach; run++) {
          const { folder, report } = await prove(stack, run, reports.path);
          const unproven = report.items.filter(({ state }) => state !== 'proven');
          expect(
            unproven.map(({ id, state, reasons }) => ({ run, id, state, reasons: reasons.filter(({ holds }) => holds !== 'yes') })),
          ).toEqual([]);
          expect(report.decision).toBe('proceed');
          const checklist = coverage(report).filter(({ ref }) => /^AB-C\d\d$/.test(ref));
          expect(checklist.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'proven'));
          // Once, at the end: meanwhile the application, which lives in this process, answers nobody.
          if (run === runsEach) await drilled(folder);
        }
      },
    );
  });
}
