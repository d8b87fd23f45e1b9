import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/** What became of a run's tests, counted and named. */
interface Tally {
  readonly passed: number;
  /** Tests that failed, and files that broke before their tests could run. */
  readonly failed: number;
  /** Skipped, todo, or never reached: each by its full name. */
  readonly notRun: readonly string[];
}

/** The last lines of a run: a test that did not run counts as failed, because nobody would miss it otherwise. An extra is only named. */
function closingLines({ passed, failed, notRun }: Tally, extras: readonly string[]): readonly string[] {
  const named = notRun.map((name) => `not run: ${name}`);
  return [
    ...extras.map((name) => `extra, not run: ${name}`),
    ...named,
    `${String(passed)} passed, ${String(failed + notRun.length)} failed`,
  ];
}

/** A reporter that fails the run when a test was skipped, and closes with a plain line of figures. `extras` are files for which this machine lacks something. */
export function nothingSkipped(extras: readonly string[] = []): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit: (started) => {
      vitest = started;
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      // `-t name` leaves out the others on purpose.
      const chosen = vitest?.config.testNamePattern !== undefined;
      const tally = tallyOf(modules);
      const notRun = chosen ? [] : tally.notRun;
      const lines = closingLines({ passed: tally.passed, failed: tally.failed + unhandledErrors.length, notRun }, extras);
      if (notRun.length > 0) process.exitCode = 1;
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
