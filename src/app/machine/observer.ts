import type { Clock } from '../../base/clock.ts';
import type { MachineObservation } from '../../schedule/machine.ts';
import { createTimeLine } from '../../schedule/time-line.ts';
import { countLostTime } from './lost-time.ts';
import { countRoutes, observeCpu, observeDisk, observeFiles, tryLoopback, tryReference } from './facts.ts';

export interface MachineObserverOptions {
  readonly clock: Clock;
  /** What needs room on which disk: `{ holds: 'the store', path }`. */
  readonly disks: readonly { readonly holds: string; readonly path: string }[];
  /** `host:port` of things that have nothing to do with any target: they are tried only when no target answers. */
  readonly references?: readonly string[] | undefined;
}

/** Targets elsewhere that were tried of late. */
export type TargetsSeen = Pick<MachineObservation['network'], 'answered' | 'unanswered'>;

export interface MachineObserver extends Disposable {
  /** The facts since the last time. Ends within three seconds; rejects when the signal aborts. */
  observe(targets: TargetsSeen, signal: AbortSignal): Promise<MachineObservation>;
}

const referenceWithinMs = 2_000;

export function createMachineObserver({ clock, disks, references = [] }: MachineObserverOptions): MachineObserver {
  const line = createTimeLine(clock);
  const lost = countLostTime(clock);
  let fromMs = clock.monotonicMs();
  let lostBeforeMs = 0;
  const tried = async (address: string, signal: AbortSignal): Promise<MachineObservation['network']['references'][number]> => ({
    address,
    reached: await tryReference(address, referenceWithinMs, clock, signal),
  });
  return {
    observe: async (targets, signal) => {
      const isDoubtful = targets.answered === 0 && targets.unanswered > 0;
      const [cpu, files, routes, loopback, spaces, reached] = await Promise.all([
        observeCpu(),
        observeFiles(),
        countRoutes(),
        tryLoopback(),
        Promise.all(disks.map(({ holds, path }) => observeDisk(holds, path))),
        Promise.all((isDoubtful ? references : []).map((address) => tried(address, signal))),
      ]);
      // A reference that was given up because we were stopped has not been out of reach.
      signal.throwIfAborted();
      const { sleptMs } = line.look();
      const [toMs, lostMs] = [clock.monotonicMs(), lost.inAllMs()];
      const observation: MachineObservation = {
        fromMs,
        toMs,
        lostMs: Math.max(0, lostMs - lostBeforeMs),
        sleptMs,
        cpu,
        disks: spaces,
        ...(files === undefined ? {} : { files }),
        network: {
          ...(routes === undefined ? {} : { routes }),
          ...(loopback === undefined ? {} : { loopback }),
          ...targets,
          references: reached,
        },
      };
      [fromMs, lostBeforeMs] = [toMs, lostMs];
      return observation;
    },
    [Symbol.dispose]: () => lost[Symbol.dispose](),
  };
}
