import type { Outcome } from '../check/outcome.ts';
import type { Weight } from './job.ts';
import type { MachineState, MachineTrouble } from './machine.ts';

/** A failed run, as far as it tells whose trouble it was. */
export interface FailedRun {
  readonly durationMs: number;
  readonly weight: Weight;
  /**
   * `wrong-answer`: the target has answered, and wrongly. `too-slow`: it has answered, but took too long.
   * `no-answer`: nothing came back. `unknown`: the probe does not tell them apart.
   */
  readonly way: 'wrong-answer' | 'too-slow' | 'no-answer' | 'unknown';
  /** The target is on this machine: no network is needed to reach it. */
  readonly isLocal: boolean;
}

/** Less than this share of a run does not explain a failure. */
const leastShare = 0.2;

/**
 * A failure that the machine's own trouble explains is an error: we could not tell. A wrong answer is one on any machine, and one trouble
 * explains only what it can have caused, so that an outage is not hidden by a machine that happens to be busy.
 */
export function outcomeOn(machine: MachineState, outcome: Outcome, run: FailedRun): Outcome {
  if (outcome.status !== 'fail') return outcome;
  const trouble = machine.troubles.find((each) => explains(each, run));
  if (trouble !== undefined) {
    return {
      status: 'error',
      reasons: [`we could not tell: ${trouble.says}`, ...outcome.reasons.map((reason) => `seen meanwhile: ${reason}`)],
    };
  }
  if (run.isLocal || run.way === 'wrong-answer' || machine.doubts.length === 0) return outcome;
  return { status: 'fail', reasons: [...outcome.reasons, ...machine.doubts] };
}

function explains(trouble: MachineTrouble, { durationMs, weight, way, isLocal }: FailedRun): boolean {
  if (way === 'wrong-answer') return false;
  switch (trouble.kind) {
    case 'starved':
      return (trouble.lostMs ?? 0) >= durationMs * leastShare;
    case 'slept':
      return true;
    // Other processes do the work of a heavy run, and they need the processor and the disk; this one would have been starved.
    case 'busy':
      return weight === 'heavy';
    case 'disk-full':
      return weight === 'heavy' && way !== 'too-slow';
    case 'files-used-up':
      return way !== 'too-slow';
    case 'no-network':
      return !isLocal;
  }
}
