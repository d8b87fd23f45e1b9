import type { Clock } from '../../base/clock.ts';

/** What one exchange goes through, one after the other. A kept connection goes through the last two only. */
export const phases = ['dns', 'connect', 'tls', 'wait', 'transfer'] as const;
export type Phase = (typeof phases)[number];

export interface Watch {
  readonly phase: Phase;
  readonly ms: Readonly<Record<Phase, number>>;
  nowMs(): number;
  /** Begins a phase with something that we do. */
  begin(phase: Phase): void;
  /** Ends the phase at hand with something that has just arrived, and begins the next one. */
  next(phase: Phase): void;
  /** Ends the phase at hand with the last thing that was to arrive. */
  stop(): void;
  /** Ends the phase at hand without anything having arrived. */
  giveUp(): void;
}

/**
 * Times the target and not ourselves: a phase ends when what ended it arrived, however many others we saw to before it,
 * and the next one begins when we really get to it.
 */
export function startWatch(clock: Clock): Watch {
  const ms: Record<Phase, number> = { dns: 0, connect: 0, tls: 0, wait: 0, transfer: 0 };
  let phase: Phase = 'wait';
  let sinceMs: number | undefined;
  const endAt = (atMs: number): void => {
    if (sinceMs !== undefined) ms[phase] += Math.max(0, atMs - sinceMs);
    sinceMs = undefined;
  };
  const begin = (following: Phase): void => {
    phase = following;
    sinceMs = clock.monotonicMs();
  };
  return {
    get phase() {
      return phase;
    },
    ms,
    nowMs: () => clock.monotonicMs(),
    begin,
    next(following) {
      endAt(arrivedMs(clock));
      begin(following);
    },
    stop: () => endAt(arrivedMs(clock)),
    giveUp: () => endAt(clock.monotonicMs()),
  };
}

let turn: { readonly clock: Clock; readonly beganMs: number } | undefined;

/**
 * When the event loop picked up what is being seen to now. All of it had arrived by then, and nothing that is begun meanwhile
 * can be answered before the next turn. Only to be asked where something has arrived, not in a timer.
 */
function arrivedMs(clock: Clock): number {
  if (turn?.clock === clock) return turn.beganMs;
  turn = { clock, beganMs: clock.monotonicMs() };
  setImmediate(forget);
  return turn.beganMs;
}

function forget(): void {
  turn = undefined;
}
