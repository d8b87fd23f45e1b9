import type { Clock } from '../../src/base/clock.ts';
import type { Job, Missed, ScheduleEvent } from '../../src/schedule/job.ts';
import { startSchedule, type ScheduleLoop, type ScheduleOptions } from '../../src/schedule/loop.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

const start = '2026-11-21T12:00:00.000Z';

export interface Started {
  readonly clock: TestClock;
  readonly loop: ScheduleLoop<Job>;
  readonly events: readonly ScheduleEvent[];
  /** Ids and times of the runs that have begun, in order. */
  begun(id?: string): string[];
  missed(): Missed[];
  stop(): void;
}

/** A loop on a clock of its own; runs take `takesMs` each. */
export function startLoop(jobs: readonly Job[], changes: Partial<ScheduleOptions<Job>> & { takesMs?: number } = {}): Started {
  const clock = createTestClock(start);
  const events: ScheduleEvent[] = [];
  const controller = new AbortController();
  const { takesMs = 10, ...options } = changes;
  const loop = startSchedule<Job>({
    jobs,
    clock,
    signal: controller.signal,
    limits: { light: 100, heavy: 2 },
    graceMs: 5_000,
    run: (_job, _slot, signal) => runs(clock, takesMs, signal),
    tell: (event) => void events.push(event),
    ...options,
  });
  return {
    clock,
    loop,
    events,
    begun: (id) =>
      events.flatMap((event) =>
        event.type === 'started' && (id === undefined || event.id === id)
          ? [`${id === undefined ? `${event.id} ` : ''}${timeOf(event.slot.dueAtMs)}${late(event.slot.lateMs)}`]
          : [],
      ),
    missed: () => events.filter((event) => event.type === 'missed'),
    stop: () => controller.abort(),
  };
}

/** A run that takes so long, and ends when it is aborted. */
export function runs(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return clock.sleep(ms, signal);
}

export function timeOf(ms: number): string {
  return new Date(ms)
    .toISOString()
    .slice(11, -1)
    .replace(/\.000$/, '');
}

function late(ms: number): string {
  return ms < 1 ? '' : ` +${String(Math.round(ms))}`;
}

export function job(id: string, changes: Partial<Job> = {}): Job {
  return { id, schedule: { type: 'cron', expression: '*/10 * * * * *', timeZone: 'UTC' }, weight: 'light', maintenance: [], ...changes };
}
