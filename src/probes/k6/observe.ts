import { access, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ranOutOfTime } from '../../base/abortable.ts';
import { Fault } from '../../base/fault.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { K6Observation } from './observation.ts';
import type { K6Options } from './options.ts';
import { runK6 } from './run-k6.ts';
import { readSummary, trendStats } from './summary.ts';

const largestSummaryBytes = 8 * 1024 * 1024;

export async function observeK6(options: K6Options, { clock, signal }: ProbeContext): Promise<K6Observation> {
  const { script, variables, secrets, program = process.env['LIVEPROOF_K6'] ?? 'k6' } = options;
  await access(script).catch((error: unknown) => {
    throw new Fault('probe/cannot-run', `the script ${script} cannot be read: ${(error as Error).message}`, { cause: error });
  });
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'liveproof-k6-'));
  const startedMs = clock.monotonicMs();
  const durationMs = (): number => clock.monotonicMs() - startedMs;
  try {
    const summary = join(folder, 'summary.json');
    // Nothing is shown, sent home or listened on. The environment carries the values: anybody may read a process's arguments.
    const words = [
      'run',
      '--quiet',
      '--no-color',
      '--no-usage-report',
      '--address',
      '',
      '--log-format',
      'json',
      '--summary-export',
      summary,
    ];
    const { PATH, HOME, TMPDIR, LANG } = process.env;
    const environment = { PATH, HOME, TMPDIR, LANG, ...variables, ...secrets };
    const run = await runK6(program, [...words, '--summary-trend-stats', trendStats, resolve(script)], environment, signal);
    const read = readSummary(await readBounded(summary)) ?? { thresholds: [], thresholdCount: 0, figures: {} };
    return { durationMs: durationMs(), ...run, ...read };
  } catch (error) {
    if (!ranOutOfTime(signal)) throw error;
    return { durationMs: durationMs(), ending: { type: 'out-of-time' }, thresholds: [], thresholdCount: 0, figures: {} };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Empty when k6 came to no summary, or to one that is larger than any. */
async function readBounded(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    return (await handle.stat()).size > largestSummaryBytes ? '' : await handle.readFile('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
