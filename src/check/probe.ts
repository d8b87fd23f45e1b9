import type { z } from 'zod';
import type { Basis } from '../base/basis.ts';
import type { Clock } from '../base/clock.ts';
import type { Sha256 } from '../base/digest.ts';
import type { Outcome } from './outcome.ts';

/** What a probe is given besides its options. */
export interface ProbeContext {
  readonly clock: Clock;
  /** Aborts when the run is stopped or its time is up; a probe ends within a second of it. */
  readonly signal: AbortSignal;
  /** Stores bytes (a screenshot, a trace) with the evidence and returns their name. */
  keep(bytes: Uint8Array): Promise<Sha256>;
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
  /** What else its outcome rests on than its options: files that they name. */
  restsOn?(options: Options): Promise<readonly Basis[]>;
}

/** Types a probe kind by its schemas, and forgets the types so that kinds can stand in one list. */
export function defineProbe<Options, Observation>(probe: Probe<Options, Observation>): Probe {
  return probe;
}
