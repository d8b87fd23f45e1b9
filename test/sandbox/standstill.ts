import { Worker } from 'node:worker_threads';

/** How long this machine let nobody run. */
export interface Standstill extends AsyncDisposable {
  /** The most that was lost of any 20 s in a row, in ms. */
  lostMs(): number;
}

/** Watches from a thread of its own, which has nothing to do but to look at the clock: what it loses, everybody loses. */
export function watchForStandstill(): Standstill {
  const lost = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  const thread = new Worker(new URL('standstill/thread.ts', import.meta.url), { workerData: lost.buffer, execArgv: [] });
  thread.unref();
  return {
    lostMs: () => lost[0] ?? 0,
    [Symbol.asyncDispose]: async () => void (await thread.terminate()),
  };
}
