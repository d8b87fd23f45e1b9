import type { ForecastQueue } from '../forecast/queue.ts';

export interface FloodQueue {
  readonly queue: ForecastQueue;
  readonly jobs: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Slow enough for the batch to last, so that the workers stay free for everybody else. */
const startEveryMs = 250;

const input = { openingCash: 10_000, monthlyNet: [900, 1_100, 1_000, 950, 1_050, 1_000], horizonMonths: 12, simulations: 200, seed: 1 };

/** Recalculates somebody's whole book in the background: a batch that waits behind everybody's forecasts and makes the queue long. */
export async function floodQueue({ queue, jobs, durationMs, signal }: FloodQueue): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(durationMs)]);
  await queue.runBatch({ input, count: jobs, everyMs: startEveryMs, signal: over });
}
