import { abortable } from '../../base/abortable.ts';
import type { Clock } from '../../base/clock.ts';
import { judgeMachine, type MachineObservation, type MachineState } from '../../schedule/machine.ts';
import type { MachineObserver, TargetsSeen } from './observer.ts';

/** Looks after the machine that runs the checks. */
export interface MachineWatch {
  /** Whether a target elsewhere has answered at all, however it did. */
  saw(target: string, answered: boolean): void;
  /** Looks now, or as soon as the last look is a moment ago: once a second is right. Rejects when the signal aborts. */
  look(signal: AbortSignal): Promise<MachineState>;
  /** Looks as well, and judges all that was seen since then (on the monotonic clock): the state in which a run took place. Rejects when the signal aborts. */
  since(fromMs: number, signal: AbortSignal): Promise<MachineState>;
}

/** Checks last minutes at most. */
const keptMs = 15 * 60_000;
/** In an outage every run fails, and each asks: they wait for the next look and share it. */
const apartMs = 250;
/** What a target did earlier says nothing about now. */
const recentMs = 60_000;
const mostTargets = 10_000;
/** A look takes less than a second, whoever waits for it. */
const { signal: unending } = new AbortController();

export function watchMachine({ observe }: Pick<MachineObserver, 'observe'>, clock: Clock): MachineWatch {
  const targets = new Map<string, { readonly answered: boolean; readonly atMs: number }>();
  let seen: readonly MachineObservation[] = [];
  let lookedMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<MachineObservation> | undefined;

  function targetsSeen(): TargetsSeen {
    const counts = { answered: 0, unanswered: 0 };
    for (const [target, { answered, atMs }] of targets) {
      if (clock.monotonicMs() - atMs > recentMs) targets.delete(target);
      else counts[answered ? 'answered' : 'unanswered'] += 1;
    }
    return counts;
  }

  async function lookOnce(): Promise<MachineObservation> {
    const waitMs = apartMs - (clock.monotonicMs() - lookedMs);
    if (waitMs > 0) await clock.sleep(waitMs);
    const observation = await observe(targetsSeen(), unending);
    lookedMs = clock.monotonicMs();
    const firstKept = seen.findIndex((each) => observation.toMs - each.toMs < keptMs);
    seen = [...seen.slice(firstKept === -1 ? seen.length : firstKept), observation];
    return observation;
  }
  /** Those that look at the same time share what is seen; whoever gives up does so alone. */
  const look = (signal: AbortSignal): Promise<MachineObservation> => {
    looking ??= lookOnce().finally(() => (looking = undefined));
    return abortable(looking, signal);
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
      return judgeMachine(seen.slice(seen.findLastIndex(({ toMs }) => toMs <= sinceMs) + 1));
    },
  };
}
