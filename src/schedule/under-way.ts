import type { Clock } from '../base/clock.ts';
import type { Ending, Job, ScheduleEvent, Slot } from './job.ts';

export interface UnderWayOptions<Scheduled extends Job> {
  readonly clock: Clock;
  run(job: Scheduled, slot: Slot, signal: AbortSignal): Promise<void>;
  tell(event: ScheduleEvent): void;
  /** Called when a run has ended, before that is told. */
  ended(how: Ending['how']): void;
}

/** The runs that are under way. */
export interface UnderWay<Scheduled extends Job> {
  readonly count: number;
  begin(job: Scheduled, slot: Slot, then: () => void): void;
  /** Waits for all, aborts those that take longer, and in the end gives up those that do not end even then. */
  windDown(graceMs: number): Promise<void>;
}

interface Run {
  readonly id: string;
  readonly slot: Slot;
  readonly controller: AbortController;
  readonly whenEnded: Promise<void>;
}

/** A run that does not end so long after it was aborted is given up. */
const abandonAfterMs = 5_000;

export function createUnderWay<Scheduled extends Job>({ clock, run, tell, ended }: UnderWayOptions<Scheduled>): UnderWay<Scheduled> {
  const runs = new Set<Run>();

  async function execute(job: Scheduled, slot: Slot, signal: AbortSignal): Promise<Ending> {
    try {
      await run(job, slot, signal);
      return { how: 'done' };
    } catch (error) {
      return signal.aborted ? { how: 'aborted' } : { how: 'threw', error };
    }
  }

  async function within(ms: number): Promise<void> {
    const timer = new AbortController();
    const all = Promise.all([...runs].map(({ whenEnded }) => whenEnded));
    await Promise.race([all, clock.sleep(ms, timer.signal).catch(() => undefined)]);
    timer.abort();
  }

  return {
    get count() {
      return runs.size;
    },
    begin: (job, slot, then) => {
      const controller = new AbortController();
      const { promise: whenEnded, resolve } = Promise.withResolvers<void>();
      const each: Run = { id: job.id, slot, controller, whenEnded };
      runs.add(each);
      tell({ type: 'started', id: job.id, slot });
      const beganMs = clock.monotonicMs();
      void execute(job, slot, controller.signal).then((ending) => {
        runs.delete(each);
        ended(ending.how);
        tell({ type: 'ended', id: job.id, slot, durationMs: clock.monotonicMs() - beganMs, ...ending });
        then();
        resolve();
      });
    },
    windDown: async (graceMs) => {
      await within(graceMs);
      for (const { controller } of runs) controller.abort();
      await within(abandonAfterMs);
      for (const { id, slot } of runs) tell({ type: 'abandoned', id, slot });
    },
  };
}
