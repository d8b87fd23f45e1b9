import type { Clock } from '../base/clock.ts';
import { judgeMachine, type MachineObservation, type MachineState } from '../schedule/machine.ts';
import type { MachineObserver, TargetsSeen } from './observe-machine.ts';

/** Looks after the machine that runs the checks. */
export interface MachineWatch {
  /** Whether a target elsewhere has answered at all, however it did. */
  saw(target: string, answered: boolean): void;
  /** Looks now: once a second is right. Rejects when the signal aborts. */
  look(signal: AbortSignal): Promise<MachineState>;
  /** Looks now, and judges all that was seen since then (on the monotonic clock): the state in which a run took place. Rejects when the signal aborts. */
  since(fromMs: number, signal: AbortSignal): Promise<MachineState>;
}

/** Checks last minutes at most. */
const keptMs = 15 * 60_000;
/** What a target did earlier says nothing about now. */
const recentMs = 60_000;
const mostTargets = 10_000;

export function watchMachine({ observe }: Pick<MachineObserver, 'observe'>, clock: Clock): MachineWatch {
  const targets = new Map<string, { readonly answered: boolean; readonly atMs: number }>();
  let seen: MachineObservation[] = [];
  let looking: Promise<MachineObservation> | undefined;

  function targetsSeen(): TargetsSeen {
    const counts = { answered: 0, unanswered: 0 };
    for (const [target, { answered, atMs }] of targets) {
      if (clock.monotonicMs() - atMs > recentMs) targets.delete(target);
      else counts[answered ? 'answered' : 'unanswered'] += 1;
    }
    return counts;
  }

  async function lookOnce(signal: AbortSignal): Promise<MachineObservation> {
    const observation = await observe(targetsSeen(), signal);
    seen = [...seen.filter((each) => observation.toMs - each.toMs < keptMs), observation];
    return observation;
  }
  /** Those that look at the same time share what is seen. */
  const look = (signal: AbortSignal): Promise<MachineObservation> => {
    looking ??= lookOnce(signal).finally(() => (looking = undefined));
    return looking;
  };

  return {
    saw: (target, answered) => {
      targets.delete(target);
      targets.set(target, { answered, atMs: clock.monotonicMs() });
      const oldest = targets.keys().next();
      if (targets.size > mostTargets && oldest.done !== true) targets.delete(oldest.value);
    },
    look: async (signal) => judgeMachine([await look(signal)]),
    since: async (sinceMs, signal) => {
      await look(signal);
      return judgeMachine(seen.filter(({ toMs }) => toMs > sinceMs));
    },
  };
}
