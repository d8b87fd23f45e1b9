export interface RunningFault {
  readonly fault: string;
  readonly says: string;
  readonly endsAt: string;
}

/** The faults that are on. */
export interface Faults {
  /** `run` makes the fault, keeps it up for `durationMs` or until its signal aborts, and undoes it before it resolves. */
  start(fault: string, says: string, durationMs: number, run: (signal: AbortSignal) => Promise<void>): RunningFault;
  running(): readonly RunningFault[];
  /** Ends those of one name, or all; resolves with them when they are undone. */
  end(fault?: string): Promise<readonly RunningFault[]>;
}

export function createFaults(failed: (error: unknown) => void): Faults {
  const running = new Map<RunningFault, { readonly controller: AbortController; readonly done: Promise<void> }>();
  return {
    start: (fault, says, durationMs, run) => {
      const controller = new AbortController();
      const started: RunningFault = { fault, says, endsAt: new Date(Date.now() + durationMs).toISOString() };
      const done = run(controller.signal)
        .catch(failed)
        .finally(() => running.delete(started));
      running.set(started, { controller, done });
      return started;
    },
    running: () => [...running.keys()],
    end: async (fault) => {
      const ending = [...running].filter(([started]) => fault === undefined || started.fault === fault);
      for (const [, { controller }] of ending) controller.abort();
      await Promise.all(ending.map(([, { done }]) => done));
      return ending.map(([started]) => started);
    },
  };
}
