import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { checkOnce } from '../../app/check-once.ts';
import { chooseChecks } from '../../app/choose-checks.ts';
import { systemClock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { probes } from '../../probes/index.ts';
import { resultsCtrf } from '../../results/ctrf.ts';
import { resultsGithub } from '../../results/github.ts';
import { resultsJson } from '../../results/json.ts';
import { resultsJunit } from '../../results/junit.ts';
import { statusOf, type Results } from '../../results/results.ts';
import { showCheckProgress } from '../check-progress.ts';
import type { CheckReporter } from '../check-reporters.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { showResult, showResultsTotal } from '../show-results.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { loadProjectForCommand } from './load-project.ts';

export interface CheckCommandOptions {
  /** All of them when it is empty. */
  readonly names: readonly string[];
  readonly tag?: readonly string[] | undefined;
  readonly project: string;
  readonly reporter: CheckReporter;
  /** Where the report goes; to standard output when left out. */
  readonly output?: string | undefined;
  /** The folder for screenshots and traces of checks that did not pass. */
  readonly evidence?: string | undefined;
}

/** Runs checks once and says what came out. Resolves with the exit code; throws Faults for usage. */
export async function checkCommand(options: CheckCommandOptions, io: Io, toolVersion: string): Promise<number> {
  const loaded = await loadProjectForCommand(options.project, io);
  if (typeof loaded === 'number') return loaded;
  const checks = chooseChecks(loaded.project, options.names, options.tag ?? []);
  // Standard output belongs to the report alone, where it is for programs and goes there.
  const isPiped = options.reporter !== 'pretty' && options.output === undefined;
  const out = isPiped ? io.stderr : io.stdout;
  const progress = showCheckProgress(checks, io, out);
  const stop = stopOnSignals();
  let ended = 0;
  try {
    const results = await checkOnce({
      loaded,
      checks,
      probes,
      clock: systemClock,
      signal: stop.signal,
      toolVersion,
      evidenceFolder: options.evidence === undefined ? undefined : resolve(io.cwd, options.evidence),
      tell: (event) => {
        if (event.type === 'finished') ended += 1;
        progress.tell(event);
      },
    });
    progress.end();
    out.write(`\n${showResultsTotal(results, io)}\n`);
    await report(results, options, io);
    return exitCodes[codes[statusOf(results.checks)]];
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) throw error;
    out.write(`\nStopped: ${String(ended)} of ${String(checks.length)} checks had ended; no report was written.\n`);
    return exitCodes.unknown;
  } finally {
    stop.release();
  }
}

const codes = { pass: 'pass', fail: 'fail', error: 'unknown' } as const satisfies Record<string, keyof typeof exitCodes>;

async function report(results: Results, { reporter, output }: CheckCommandOptions, io: Io): Promise<void> {
  if (output === undefined) {
    if (reporter !== 'pretty') io.stdout.write(render(reporter, results, io));
    return;
  }
  const file = resolve(io.cwd, output);
  try {
    await makeFolder(dirname(file));
    await writeFile(file, render(reporter, results, io));
  } catch (cause) {
    throw new Fault('report/unwritable', `the report was not written to ${output}: ${(cause as Error).message}`, { cause });
  }
}

function render(reporter: CheckReporter, given: Results, io: Io): string {
  const results = shownFrom(io.cwd, given);
  switch (reporter) {
    case 'pretty': {
      const nameWidth = Math.max(...results.checks.map(({ name }) => name.length));
      const plain = { color: false };
      return `${results.checks.map((each) => `${showResult(each, nameWidth, plain)}\n`).join('')}\n${showResultsTotal(results, plain)}\n`;
    }
    case 'json':
      return resultsJson(results);
    case 'junit':
      return resultsJunit(results);
    case 'ctrf':
      return resultsCtrf(results);
    case 'github':
      return resultsGithub(results, { folder: io.cwd, repository: io.env['GITHUB_WORKSPACE'] });
  }
}

/** Files by the way that leads to them from where the command runs. */
function shownFrom(folder: string, results: Results): Results {
  const shown = (file: string): string => relative(folder, resolve(folder, file));
  const checks = results.checks.map((check) => ({
    ...check,
    evidence: check.evidence.map(shown),
    declaredAt: check.declaredAt && { ...check.declaredAt, file: shown(check.declaredAt.file) },
  }));
  return { ...results, checks };
}
