import type { z } from 'zod';
import type { Basis } from '../base/basis.ts';
import type { Clock } from '../base/clock.ts';
import type { Sha256 } from '../base/digest.ts';
import type { HeartbeatReader } from './heartbeat.ts';
import type { Measure } from './measure.ts';
import type { Outcome } from './outcome.ts';
import type { Reach } from './reach.ts';
import type { Readings } from './reading.ts';

/** What a probe is given besides its options. */
export interface ProbeContext {
  readonly clock: Clock;
  /** Aborts when the run is stopped or its time is up; a probe ends within a second of it. */
  readonly signal: AbortSignal;
  /** Stores bytes (a screenshot, a trace) with the evidence and returns their name. */
  keep(bytes: Uint8Array): Promise<Sha256>;
  /** The readings that assertions name, so that a probe records what it would not record otherwise (`json user.tier`). */
  readonly wanted?: readonly string[] | undefined;
  /** What outlives a run, where runs follow each other; a probe opens its own, and closes it, where there is none. */
  readonly kept?: Kept | undefined;
  /** What was pushed to us; absent where nobody receives it. */
  readonly heartbeats?: HeartbeatReader | undefined;
}

/** Parts that probes keep from run to run: a browser, a secure context. */
export interface Kept {
  /** The part of this name; opened when there is none yet. Runs that ask at the same time share one. */
  get<Part extends AsyncDisposable>(name: string, open: () => Promise<Part>): Promise<Part>;
  /** Closes a part that is of no use any more; the next run opens another one. */
  drop(name: string): Promise<void>;
}

/** How one protocol is observed and judged. `observe` does all the I/O; `judge` is pure. */
export interface Probe<Options = unknown, Observation = unknown> {
  readonly kind: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  readonly options: z.ZodType<Options>;
  /** The shape of the recorded facts, so that evidence from elsewhere is checked before it is judged. */
  readonly observation: z.ZodType<Observation>;
  /** Expected trouble of the target (refused, timed out) is part of the observation; trouble of ours is thrown as a Fault. */
  observe(options: Options, context: ProbeContext): Promise<Observation>;
  judge(options: Options, observation: Observation): Outcome;
  /** The values that assertions can name, pure; none when left out. */
  readings?(options: Options, observation: Observation): Readings;
  /** What it tells as metrics beside success and duration, pure; nothing when left out. `atMs`: when it was observed, since the epoch. */
  measures?(options: Options, observation: Observation, atMs: number): readonly Measure[];
  /** Whether the target was reached, pure; unknown when left out. */
  reach?(options: Options, observation: Observation): Reach | undefined;
  /** The names of the heartbeats that it waits for; none when left out. */
  awaits?(options: Options): readonly string[];
  /** `heavy`: programs of its own do the work, such as a browser; such runs are let in apart from the others. */
  readonly weight?: 'heavy' | undefined;
  /** What else its outcome rests on than its options: files that they name. */
  restsOn?(options: Options): Promise<readonly Basis[]>;
}

/** Types a probe kind by its schemas, and forgets the types so that kinds can stand in one list. */
export function defineProbe<Options, Observation>(probe: Probe<Options, Observation>): Probe {
  return probe;
}
