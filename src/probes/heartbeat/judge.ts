import { formatDuration } from '../../base/duration.ts';
import { longestWords, type HeartbeatsReceived } from '../../check/heartbeat.ts';
import type { Outcome } from '../../check/outcome.ts';
import { startOf, type Reading, type Readings } from '../../check/reading.ts';
import type { HeartbeatOptions } from './options.ts';

export function judgeHeartbeat(options: HeartbeatOptions, { listeningForMs, last }: HeartbeatsReceived): Outcome {
  const { name, expectEvery, grace } = options;
  const allowedMs = expectEvery + grace;
  if (last !== undefined && last.agoMs <= allowedMs) {
    if (last.status === 'ok') return { status: 'pass', reasons: [] };
    const words = last.says === undefined ? '' : `: ${last.says}`;
    return { status: 'fail', reasons: [`the heartbeat "${name}" of ${seconds(last.agoMs)} ago says that its sender failed${words}`] };
  }
  const seen =
    last === undefined
      ? `no heartbeat "${name}" has come yet`
      : `the last heartbeat "${name}" came ${seconds(last.agoMs)} ago${last.status === 'failed' ? ' and said that its sender failed' : ''}`;
  // One that was sent while nobody listened is not late.
  if (listeningForMs < allowedMs) {
    return { status: 'error', reasons: [`${seen}, and nobody listened until ${seconds(listeningForMs)} ago; ${expected(options)}`] };
  }
  const listened = last === undefined ? ` in the ${seconds(listeningForMs)} that we have listened` : '';
  return { status: 'fail', reasons: [`${seen}${listened}; ${expected(options)}`] };
}

export function heartbeatReadings(_options: HeartbeatOptions, { last }: HeartbeatsReceived): Readings {
  if (last === undefined) return new Map();
  return new Map<string, Reading>([
    ['age', { value: last.agoMs, unit: 'ms' }],
    ['status', { value: last.status }],
    ...(last.says === undefined ? [] : [['says', startOf(last.says, longestWords)] as const]),
  ]);
}

function expected({ expectEvery, grace }: HeartbeatOptions): string {
  return `one is expected every ${formatDuration(expectEvery)}${grace === 0 ? '' : ` with ${formatDuration(grace)} of grace`}`;
}

/** Milliseconds say nothing to anybody once there are seconds. */
function seconds(ms: number): string {
  return formatDuration(ms < 1_000 ? ms : Math.floor(ms / 1_000) * 1_000);
}
