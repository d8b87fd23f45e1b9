/**
 * What is due next depends on this. All but `afterWallMs` are on the time line: milliseconds since the epoch that go on evenly,
 * whatever is done to the wall clock.
 */
export interface DueContext {
  /** The check's name: it decides where in the period its starts lie. */
  readonly name: string;
  /** Slots up to here are accounted for. */
  readonly afterMs: number;
  /** The same moment by the wall clock, which cron expressions go by. */
  readonly afterWallMs: number;
  /** The wall clock less the time line. */
  readonly skewMs: number;
  readonly startedAtMs: number;
  /** The last deployment; without one, phases that count from it are not due. */
  readonly deployedAtMs?: number | undefined;
  /** When the last run ended. */
  readonly endedAtMs?: number | undefined;
  /** A run is under way or waits for room: what follows on its end has no time yet. */
  readonly busy: boolean;
}

/** The part of a context that says up to where slots are accounted for. */
export function accountedTo(afterMs: number, skewMs: number): Pick<DueContext, 'afterMs' | 'afterWallMs'> {
  return { afterMs, afterWallMs: afterMs + skewMs };
}
