/**
 * Waits for `work` until `signal` aborts, then rejects with the signal's reason. For libraries that take no signal:
 * the work itself goes on, so whoever started it must also close what it uses; its late failure is swallowed.
 */
export async function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Whether it aborted because time was up, and not because somebody stopped the run. */
export function ranOutOfTime(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
}

/**
 * A signal that aborts with `signal`, or with a TimeoutError after `ms`, until it is disposed of. What AbortSignal.timeout and AbortSignal.any make
 * lives on until the time is up: that is a lot where thousands of runs a second each have half a minute.
 */
export function timeLimited(signal: AbortSignal, ms: number): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new DOMException('the time was up', 'TimeoutError')), ms);
  timer.unref();
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
