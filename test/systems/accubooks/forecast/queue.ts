import { createBatchLane } from './batch-lane.ts';
import { CalculationError, contradictionIn } from './check-result.ts';
import { startMember, type Member } from './member.ts';
import type { ForecastInput, ForecastResult } from './model.ts';

export interface FinishedJob {
  readonly result: 'succeeded' | 'failed';
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface QueueOptions {
  readonly workers: number;
  readonly jobTimeoutMs: number;
  /** Told of every job that a worker began, when it ended; times are on the monotonic clock. */
  finished(job: FinishedJob): void;
  miscalculated(): void;
}

/** Forecasts wait here, first in first out, for a free worker thread. */
export interface ForecastQueue {
  readonly workers: number;
  /** Rejects when the job fails or its numbers contradict themselves; `skew` lets the worker give wrong sums. */
  run(input: ForecastInput, skew?: boolean): Promise<ForecastResult>;
  /**
   * Lets `count` forecasts of a batch wait behind everybody's, and starts one of them every `everyMs` at most. Resolves when the
   * last one has ended; those still waiting when `signal` aborts are withdrawn, and count as neither succeeded nor failed.
   */
  runBatch(batch: Batch): Promise<void>;
  /** Jobs that wait; those being worked on are not among them. */
  depth(): number;
  /** When each job that is being worked on began. */
  runningSinceMs(): readonly number[];
  /** Asks every idle worker for an answer; a busy one is alive until its job times out. */
  alive(): Promise<number>;
  /** The workers go on working, but their signs of life are lost until `hear`. */
  deafen(): void;
  hear(): void;
  /** Ends all workers; what they worked on waits again. */
  kill(): Promise<void>;
  revive(): Promise<void>;
  close(): Promise<void>;
}

export interface Batch {
  readonly input: ForecastInput;
  readonly count: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** What a worker is given, and who waits for it. */
export interface Job {
  readonly input: ForecastInput;
  readonly skew: boolean;
  readonly resolve: (result: ForecastResult) => void;
  readonly reject: (error: Error) => void;
}

export async function startForecastQueue(options: QueueOptions): Promise<ForecastQueue> {
  const { workers, jobTimeoutMs, finished, miscalculated } = options;
  const waiting: Job[] = [];
  const batch = createBatchLane(() => dispatch());
  let isDeaf = false;
  const members = new Set<Member>();
  const running = new Map<Member, { readonly job: Job; readonly startedMs: number }>();
  let state: 'working' | 'killed' | 'closed' = 'working';

  const end = (member: Member, outcome: ForecastResult | Error): void => {
    const work = running.get(member);
    if (work === undefined) return;
    running.delete(member);
    const contradiction = outcome instanceof Error ? undefined : contradictionIn(work.job.input, outcome);
    if (contradiction !== undefined) miscalculated();
    const ended = contradiction === undefined ? outcome : new CalculationError(contradiction);
    finished({ result: ended instanceof Error ? 'failed' : 'succeeded', startedMs: work.startedMs, endedMs: performance.now() });
    if (ended instanceof Error) work.job.reject(ended);
    else work.job.resolve(ended);
  };

  const dispatch = (): void => {
    for (const member of members) {
      if (running.has(member)) continue;
      const job = waiting.shift() ?? batch.next();
      if (job === undefined) return;
      running.set(member, { job, startedMs: performance.now() });
      void member.calculate(job.input, job.skew, jobTimeoutMs).then((outcome) => {
        end(member, outcome);
        dispatch();
      });
    }
  };

  const hire = async (): Promise<void> => {
    const member = await startMember();
    if (state !== 'working') return member.dismiss();
    members.add(member);
    void member.gone.then(() => {
      members.delete(member);
      const interrupted = running.get(member);
      if (state === 'killed' && interrupted !== undefined) {
        running.delete(member);
        waiting.unshift(interrupted.job);
      }
      // A crash costs one job, not one worker.
      return state === 'working' ? hire() : undefined;
    });
    dispatch();
  };
  const hireAll = async (): Promise<void> => void (await Promise.all(Array.from({ length: workers }, hire)));
  const dismissAll = async (): Promise<void> => void (await Promise.all([...members].map((member) => member.dismiss())));

  await hireAll();
  return {
    workers,
    run: (input, skew = false) =>
      new Promise((resolve, reject) => {
        if (state === 'closed') return reject(new Error('the queue is closed'));
        waiting.push({ input, skew, resolve, reject });
        dispatch();
      }),
    runBatch: (wanted) => batch.add(wanted),
    depth: () => waiting.length + batch.waiting(),
    runningSinceMs: () => [...running.values()].map(({ startedMs }) => startedMs),
    alive: async () => {
      if (isDeaf) return 0;
      const answers = await Promise.all([...members].map(async (member) => running.has(member) || (await member.answers())));
      return answers.filter(Boolean).length;
    },
    deafen: () => {
      isDeaf = true;
    },
    hear: () => {
      isDeaf = false;
    },
    kill: async () => {
      state = 'killed';
      await dismissAll();
    },
    revive: async () => {
      if (state !== 'killed') return;
      state = 'working';
      await hireAll();
    },
    close: async () => {
      state = 'closed';
      for (const job of waiting.splice(0)) job.reject(new Error('the queue is closed'));
      batch.withdraw();
      await dismissAll();
    },
  };
}
