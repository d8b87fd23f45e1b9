import type { MachineTrouble } from '../../schedule/machine.ts';
import type { Clock } from '../../base/clock.ts';
import type { MachineObserver } from '../machine/observer.ts';
import { watchMachine, type MachineWatch } from '../machine/watch.ts';
import type { WatchEvent } from './event.ts';

export interface FollowMachineOptions {
  readonly clock: Clock;
  readonly observer: MachineObserver;
  tell(event: WatchEvent): void;
}

/** Looks after the machine again and again, and tells when something is wrong with it and when no longer. */
export interface FollowedMachine extends Pick<MachineWatch, 'saw' | 'since'>, Disposable {
  /** What is wrong now. */
  troubles(): readonly MachineTrouble[];
  /** Looks once; to be called about once a second. */
  look(): Promise<void>;
}

/** Trouble of less than this many looks in a row is not told: every machine is busy for a second. */
const toldAfter = 3;

export function followMachine({ clock, observer, tell }: FollowMachineOptions): FollowedMachine {
  const machine = watchMachine(observer, clock);
  const stop = new AbortController();
  let now: readonly MachineTrouble[] = [];
  let inARow = 0;
  let isTold = false;
  return {
    saw: machine.saw,
    since: machine.since,
    troubles: () => now,
    look: async () => {
      try {
        now = (await machine.look(stop.signal)).troubles;
      } catch (error) {
        if (stop.signal.aborted) return;
        throw error;
      }
      const isWrong = now.length > 0;
      inARow = isWrong ? inARow + 1 : 0;
      if (isWrong ? isTold || inARow < toldAfter : !isTold) return;
      isTold = isWrong;
      tell({ type: 'machine', troubles: now });
    },
    [Symbol.dispose]: () => {
      stop.abort();
      observer[Symbol.dispose]();
    },
  };
}
