import { parentPort } from 'node:worker_threads';
import { forecast, type ForecastInput, type ForecastResult } from './model.ts';

/** `skew` makes the worker miscalculate, for the fault of that name. */
export type WorkerRequest = { readonly kind: 'ping' } | { readonly kind: 'job'; readonly input: ForecastInput; readonly skew: boolean };
export type WorkerAnswer =
  | { readonly kind: 'pong' }
  | { readonly kind: 'done'; readonly result: ForecastResult }
  | { readonly kind: 'failed'; readonly message: string };

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)));

function answer(request: WorkerRequest): WorkerAnswer {
  if (request.kind === 'ping') return { kind: 'pong' };
  try {
    const result = forecast(request.input);
    return { kind: 'done', result: request.skew ? skewed(result) : result };
  } catch (error) {
    return { kind: 'failed', message: String(error) };
  }
}

function skewed(result: ForecastResult): ForecastResult {
  return { ...result, months: result.months.map((month) => ({ ...month, cash: month.cash * 1.01 + 1 })) };
}
