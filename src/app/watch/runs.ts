import type { Clock } from '../../base/clock.ts';
import { createRedactor, type Redactor } from '../../base/redact.ts';
import type { Check } from '../../check/check.ts';
import type { HeartbeatReader } from '../../check/heartbeat.ts';
import type { Measure } from '../../check/measure.ts';
import type { Kept, Probe } from '../../check/probe.ts';
import type { Result } from '../../check/result.ts';
import type { Slot, Weight } from '../../schedule/job.ts';
import { outcomeOn } from '../../schedule/outcome-on.ts';
import { checkRunner, type CheckRunner, type ToldRun } from '../check-runner.ts';
import { keepEvidence } from '../evidence.ts';
import type { MachineWatch } from '../machine/watch.ts';
import type { WatchEvent } from './event.ts';

export interface RunsOptions {
  readonly probes: ReadonlyMap<string, Probe>;
  readonly clock: Clock;
  readonly kept: Kept;
  readonly heartbeats: HeartbeatReader;
  /** Whether a failure is the target's or the machine's. */
  readonly machine: Pick<MachineWatch, 'saw' | 'since'>;
  readonly place: string;
  readonly evidenceFolder: string;
  tell(event: WatchEvent): void;
}

/** Scheduled runs, as the store keeps them. */
export interface Runs {
  run(
    check: Check,
    weight: Weight,
    slot: Slot,
    signal: AbortSignal,
  ): Promise<{ readonly result: Result; readonly measures: readonly Measure[] }>;
  /** Hides other secrets from now on. */
  use(redactor: Redactor): void;
}

export function createRuns({ probes, clock, kept, heartbeats, machine, place, evidenceFolder, tell }: RunsOptions): Runs {
  const runnerWith = (redactor: Redactor): CheckRunner => checkRunner({ probes, clock, redactor, kept, heartbeats });
  let runner = runnerWith(createRedactor([]));

  /** A failure that the machine explains is an error. */
  const outcomeOf = async (told: ToldRun, weight: Weight, startedMs: number, signal: AbortSignal) => {
    const { status, reasons, durationMs, met } = told;
    if (met !== undefined && !met.isLocal) machine.saw(met.target, met.answered);
    if (status !== 'fail') return { status, reasons };
    const state = await machine.since(startedMs, signal);
    return outcomeOn(
      state,
      { status, reasons: [...reasons] },
      { durationMs, weight, way: met?.way ?? 'unknown', isLocal: met?.isLocal ?? false },
    );
  };

  return {
    use: (redactor) => void (runner = runnerWith(redactor)),
    run: async (check, weight, { dueAtMs, lateMs }, signal) => {
      const startedMs = clock.monotonicMs();
      const told = await runner(check, signal);
      const { durationMs, attempts, observation, measures, evidence } = told;
      const { status, reasons } = await outcomeOf(told, weight, startedMs, signal);
      await keepEvidence(evidenceFolder, check.name, evidence).catch((error: unknown) => {
        // The result counts, also when its pictures cannot be kept.
        tell({ type: 'evidence-failed', because: (error as Error).message });
      });
      const result: Result = { check: check.name, place, dueAtMs, lateMs, durationMs, status, reasons, attempts, observation };
      return { result, measures };
    },
  };
}
