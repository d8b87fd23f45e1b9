import { setTimeout as delay } from 'node:timers/promises';

export interface Pace {
  readonly everyMs: number;
  readonly times: number;
  readonly maxInFlight: number;
  readonly signal: AbortSignal;
  send(index: number): Promise<unknown>;
}

/** Sends at an even pace, whether or not earlier ones were answered. Resolves when the last one was answered; ends early on the signal. */
export async function paced({ everyMs, times, maxInFlight, signal, send }: Pace): Promise<void> {
  const startedMs = performance.now();
  const inFlight = new Set<Promise<void>>();
  for (let index = 0; index < times && !signal.aborted; index += 1) {
    await pause(startedMs + index * everyMs - performance.now(), signal);
    while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    if (signal.aborted) break;
    // The server may be going away while it is being asked: a lost answer must not end the rest.
    const sent: Promise<void> = send(index)
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => inFlight.delete(sent));
    inFlight.add(sent);
  }
  await Promise.all(inFlight);
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
