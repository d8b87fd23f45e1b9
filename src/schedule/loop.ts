import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { createAdmission, type Limits } from './admission.ts';
import { accountedTo } from './due-context.ts';
import { duePassed, nextDue } from './due.ts';
import { contextOf, followClock, newEntry, type Entry, type Moment, type Waiting } from './entry.ts';
import type { Job, MissedWhy, ScheduleEvent, Slot } from './job.ts';
import { isTooLate, whyLate, type Gap } from './late.ts';
import { openWindow } from './maintenance.ts';
import { createMisses } from './misses.ts';
import { createNaps } from './naps.ts';
import { soonestFirst } from './soonest.ts';
import { noCounts, type Tally } from './tally.ts';
import { createTimeLine } from './time-line.ts';
import { createUnderWay } from './under-way.ts';

export interface ScheduleOptions<Scheduled extends Job> {
  readonly jobs: readonly Scheduled[];
  readonly clock: Clock;
  /** Stops the loop: nothing starts any more, and what runs has `graceMs` to end before it is aborted. */
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly graceMs: number;
  /** One run. When it rejects, that is told and the others go on. It ends soon after its signal aborts. */
  run(job: Scheduled, slot: Slot, signal: AbortSignal): Promise<void>;
  /** Told at once, in order. It must not throw: that ends the loop. */
  tell(event: ScheduleEvent): void;
  /** When the last deployment was (since the epoch), for phases that count from it. */
  readonly deployedAtMs?: number | undefined;
}

export interface ScheduleLoop<Scheduled extends Job> {
  /** Resolves when it was stopped and no run is under way any more; rejects only for a bug of ours. */
  readonly ended: Promise<void>;
  /** Other jobs from now on. Those of the same id keep their place; a run that is under way ends as it would have. */
  replace(jobs: readonly Scheduled[]): void;
  /** Phases that count from a deployment begin anew. */
  deployed(atMs: number): void;
  /** Queues a run of this job now; false when it is unknown, running or waiting, or the loop was stopped. */
  ask(id: string): boolean;
  /** Always: due = ran + missed + waiting, ran = done + threw + aborted + running. */
  tally(): Tally;
}

/** Nothing is slept through for longer: a wall clock that was set, and a machine that slept, are seen soon. */
const longestNapMs = 1_000;
/** So often somebody who waits is looked after. */
const roomAfterMs = 25;
/** A nap that is so much too long is told. */
const heldUpMs = 1_000;

/**
 * Starts what is due, for ever. Slots lie on a time line that goes on evenly: setting the wall clock moves cron expressions and maintenance
 * windows only. A slot that cannot be run when it is due is counted as missed, with why; none is made up for.
 */
export function startSchedule<Scheduled extends Job>(options: ScheduleOptions<Scheduled>): ScheduleLoop<Scheduled> {
  const { clock } = options;
  const line = createTimeLine(clock);
  const startedAtMs = line.nowMs();
  const entries = new Map<string, Entry<Scheduled>>();
  const soonest = soonestFirst<Entry<Scheduled>>();
  const naps = createNaps(clock, line);
  const admission = createAdmission<Entry<Scheduled>>(options.limits);
  const counts = noCounts();
  const stop = new AbortController();
  let deployedAtMs = options.deployedAtMs;
  let gap: Gap = { sleptMs: 0, jumpedMs: 0 };
  let bug: { readonly error: unknown } | undefined;

  const wallMs = (atMs: number): number => atMs + line.skewMs();

  /** A bug of ours ends the loop; it is thrown when all runs have ended. */
  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      bug ??= { error };
      stop.abort();
    }
  }
  const tell = (event: ScheduleEvent): void => guarded(() => options.tell(event));
  const missed = createMisses<Scheduled>({ counts, wallMs, tell });

  const underWay = createUnderWay<Scheduled>({
    clock,
    run: (job, slot, signal) => options.run(job, slot, signal),
    tell,
    ended: (how) => void (counts.ended[how] += 1),
  });

  const moment = (): Moment => ({ skewMs: line.skewMs(), startedAtMs, deployedAtMs });

  function reschedule(entry: Entry<Scheduled>): void {
    if (entry.isRemoved || stop.signal.aborted) return;
    const dueMs = nextDue(entry.job.schedule, contextOf(entry, moment()));
    if (dueMs === undefined) return soonest.delete(entry);
    soonest.set(entry, dueMs);
    naps.endBy(dueMs);
  }

  /** What was due up to now is counted; the last of it is queued, unless there is something against it. */
  function settle(entry: Entry<Scheduled>, nowMs: number): void {
    const { job } = entry;
    const passed = duePassed(job.schedule, contextOf(entry, moment()), nowMs);
    if (passed === undefined) return reschedule(entry);
    const { count, firstMs, beforeLastMs, lastMs } = passed;
    counts.due += count;
    Object.assign(entry, accountedTo(lastMs, line.skewMs()));
    const lastIsTooLate = isTooLate(passed, nowMs);
    const tooLate = lastIsTooLate ? count : count - 1;
    if (tooLate > 0) {
      const why = whyLate(job.schedule, firstMs, startedAtMs, nowMs, gap);
      missed.many(entry, ...why, { count: tooLate, firstMs, lastMs: lastIsTooLate ? lastMs : beforeLastMs });
    }
    if (lastIsTooLate) entry.endedAtMs = nowMs;
    else if (!keptOut(entry, lastMs)) enqueue(entry, { dueMs: lastMs, asked: false });
    reschedule(entry);
  }

  function keptOut(entry: Entry<Scheduled>, dueMs: number): boolean {
    if (inMaintenance(entry, dueMs, dueMs)) return true;
    if (entry.isRunning) missed.one(entry, 'still-running', 'the run before had not ended', dueMs);
    else if (entry.waiting !== undefined) missed.one(entry, 'no-room', 'the slot before still waited for room', dueMs);
    else return false;
    return true;
  }

  function inMaintenance(entry: Entry<Scheduled>, dueMs: number, atMs: number): boolean {
    const open = openWindow(entry.job.maintenance, wallMs(atMs));
    if (open === undefined) return false;
    // What follows on the end of a run follows on the end of the window.
    if (!entry.isRunning) entry.endedAtMs = open.untilMs - line.skewMs();
    missed.one(entry, 'maintenance', open.because, dueMs);
    return true;
  }

  function enqueue(entry: Entry<Scheduled>, waiting: Waiting): void {
    entry.waiting = waiting;
    admission.queue(entry, entry.job.weight);
  }

  function admit(): void {
    if (stop.signal.aborted) return;
    for (const weight of ['light', 'heavy'] as const) {
      for (;;) {
        const nowMs = line.nowMs();
        const entered = admission.enter(weight, nowMs);
        if (entered?.item.waiting === undefined) break;
        const { item: entry, leave } = entered;
        const { dueMs, asked } = entered.item.waiting;
        entry.waiting = undefined;
        if (!asked && inMaintenance(entry, dueMs, nowMs)) {
          leave();
          reschedule(entry);
        } else {
          begin(entry, { dueAtMs: Math.round(wallMs(dueMs)), lateMs: Math.max(0, nowMs - dueMs), asked }, leave);
        }
      }
    }
  }

  function begin(entry: Entry<Scheduled>, slot: Slot, leave: () => void): void {
    counts.ran += 1;
    entry.isRunning = true;
    const onEnd = (): void => {
      leave();
      entry.isRunning = false;
      entry.endedAtMs = line.nowMs();
      if (entry.isRemoved) entries.delete(entry.job.id);
      reschedule(entry);
      admit();
    };
    underWay.begin(entry.job, slot, () => guarded(onEnd));
  }

  function look(): void {
    const { sleptMs, jumpedMs } = line.look();
    const nowMs = line.nowMs();
    const overMs = naps.overdueMs(nowMs - sleptMs);
    gap = { sleptMs, jumpedMs };
    if (sleptMs > 0) tell({ type: 'suspended', forMs: sleptMs });
    if (overMs >= heldUpMs) tell({ type: 'held-up', forMs: overMs });
    if (jumpedMs === 0) return;
    tell({ type: 'clock-jumped', byMs: jumpedMs });
    for (const entry of entries.values()) {
      followClock(entry, moment(), wallMs(nowMs), jumpedMs);
      reschedule(entry);
    }
  }

  async function keepStarting(): Promise<void> {
    while (!stop.signal.aborted) {
      look();
      const nowMs = line.nowMs();
      for (let entry = soonest.take(nowMs); entry !== undefined; entry = soonest.take(nowMs)) settle(entry, nowMs);
      admit();
      const aheadMs = (soonest.nextMs() ?? Number.POSITIVE_INFINITY) - line.nowMs();
      // Room comes also with time.
      const longestMs = admission.waiting > 0 ? roomAfterMs : longestNapMs;
      if (!stop.signal.aborted) await naps.take(Math.max(1, Math.min(Math.ceil(aheadMs), longestMs)));
    }
  }

  async function windDown(): Promise<void> {
    for (const entry of entries.values()) drop(entry, 'stopped', 'the daemon was told to stop');
    await underWay.windDown(options.graceMs);
    if (bug !== undefined) throw bug.error;
  }

  /** Takes a slot that waits out of the queue. */
  function drop(entry: Entry<Scheduled>, why: MissedWhy, says: string): void {
    if (entry.waiting === undefined) return;
    admission.withdraw(entry, entry.job.weight);
    missed.one(entry, why, says, entry.waiting.dueMs);
    entry.waiting = undefined;
  }

  function replace(jobs: readonly Scheduled[]): void {
    const wanted = new Map(jobs.map((job) => [job.id, job]));
    for (const [id, entry] of entries) {
      if (wanted.has(id)) continue;
      drop(entry, 'removed', 'its check was taken away');
      soonest.delete(entry);
      entry.isRemoved = true;
      // While its last run is under way it is remembered: should it come back, it does not overlap with itself.
      if (!entry.isRunning) entries.delete(id);
    }
    for (const job of wanted.values()) {
      const entry = entries.get(job.id) ?? newEntry(job, line.nowMs(), line.skewMs());
      entries.set(job.id, entry);
      if (job.weight !== entry.job.weight) drop(entry, 'removed', 'its check was changed');
      if (entry.isRemoved || !isDeepStrictEqual(job.schedule, entry.job.schedule))
        Object.assign(entry, accountedTo(line.nowMs(), line.skewMs()));
      entry.isRemoved = false;
      entry.job = job;
      reschedule(entry);
    }
  }

  async function main(): Promise<void> {
    const onStop = (): void => stop.abort();
    options.signal.addEventListener('abort', onStop, { once: true });
    stop.signal.addEventListener('abort', naps.end, { once: true });
    if (options.signal.aborted) stop.abort();
    try {
      await keepStarting();
    } finally {
      options.signal.removeEventListener('abort', onStop);
      stop.abort();
      await windDown();
    }
  }

  replace(options.jobs);
  const ended = Promise.resolve().then(main);
  return {
    ended,
    replace,
    deployed: (atMs) => {
      deployedAtMs = atMs - line.skewMs();
      for (const entry of entries.values()) {
        const { schedule } = entry.job;
        if (schedule.type !== 'phases' || schedule.since !== 'deployment') continue;
        Object.assign(entry, accountedTo(line.nowMs(), line.skewMs()));
        reschedule(entry);
      }
    },
    ask: (id) => {
      const entry = entries.get(id);
      if (entry === undefined || entry.isRemoved || entry.isRunning || entry.waiting !== undefined || stop.signal.aborted) return false;
      counts.due += 1;
      enqueue(entry, { dueMs: line.nowMs(), asked: true });
      admit();
      return true;
    },
    tally: () => ({ ...structuredClone(counts), running: underWay.count, waiting: admission.waiting }),
  };
}
