import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import type { K6Observation, Threshold } from './observation.ts';
import type { K6Options } from './options.ts';

/** k6 ends with this when a threshold was crossed. */
const thresholdsCrossed = 99;

export function judgeK6(_options: K6Options, seen: K6Observation): Outcome {
  const { ending, thresholds, thresholdCount, exceptions, lastError = 'it did not say why' } = seen;
  const error = (says: string): Outcome => ({ status: 'error', reasons: [says] });
  if (ending.type === 'out-of-time')
    return error(`k6 was still running after ${formatDuration(seen.durationMs)}, when the time of the check was up`);
  if (ending.type === 'killed') return error(`k6 was ended by ${ending.signal}`);
  if (ending.code !== 0 && ending.code !== thresholdsCrossed) return error(`k6 ended with exit code ${String(ending.code)}: ${lastError}`);
  const crossed = thresholds.filter(({ met }) => !met).map(describe);
  const thrown = exceptions === undefined ? [] : [`the script threw ${times(exceptions.count)}, first: ${exceptions.first}`];
  if (crossed.length > 0) return { status: 'fail', reasons: [...crossed, ...thrown] };
  const untold = [
    ...(ending.code === thresholdsCrossed ? [`k6 says that thresholds were crossed, and does not say which: ${lastError}`] : []),
    ...(thresholdCount === 0 ? ['the script declares no thresholds, so nothing in it could fail'] : []),
    ...thresholds
      .filter(({ sampled }) => !sampled)
      .map(({ metric, expression }) => `${metric}: ${expression} is met only because nothing was measured`),
    ...thrown,
  ];
  return untold.length > 0 ? { status: 'error', reasons: untold } : { status: 'pass', reasons: [] };
}

export function k6Readings(_options: K6Options, { durationMs, thresholds, exceptions, figures }: K6Observation): Readings {
  return new Map<string, Reading>([
    ['total', { value: durationMs, unit: 'ms' }],
    ['thresholds crossed', { value: thresholds.filter(({ met }) => !met).length }],
    ['exceptions', { value: exceptions?.count ?? 0 }],
    ...Object.entries(figures).map(([name, value]) => [name, { value }] as const),
  ]);
}

function describe({ metric, expression, value, sampled }: Threshold): string {
  const figure = value === undefined ? '' : `, it is ${String(Math.round(value * 1_000) / 1_000)}`;
  return `${metric}: ${expression} is not met${sampled ? figure : ', nothing was measured'}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}
