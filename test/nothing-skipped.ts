import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/** What became of a run's tests, counted and named. */
interface Tally {
  readonly passed: number;
  /** Tests that failed, and files that broke before their tests could run. */
  readonly failed: number;
  /** Skipped, todo, or never reached: each by its full name. */
  readonly notRun: readonly string[];
}

/** The last lines of a run: a test that did not run counts as failed, because nobody would miss it otherwise. */
function closingLines({ passed, failed, notRun }: Tally): readonly string[] {
  const named = notRun.map((name) => `not run: ${name}`);
  return [...named, `${String(passed)} passed, ${String(failed + notRun.length)} failed`];
}

/** A reporter that fails the run when a test was skipped, and closes with a plain line of figures. */
export function nothingSkipped(): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit: (started) => {
      vitest = started;
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      // `-t name` leaves out the others on purpose.
      const chosen = vitest?.config.testNamePattern !== undefined;
      const tally = tallyOf(modules);
      const lines = closingLines({
        passed: tally.passed,
        failed: tally.failed + unhandledErrors.length,
        notRun: chosen ? [] : tally.notRun,
      });
      if (lines.length > 1) process.exitCode = 1;
      // After everything that other reporters and vitest itself still print.
      process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
    },
  };
}

function tallyOf(modules: readonly TestModule[]): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state);
  const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter((group) => group.errors().length > 0);
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + broken.length,
    notRun: [...inState('skipped'), ...inState('pending')].map((test) => `${test.module.relativeModuleId} > ${test.fullName}`),
  };
}
