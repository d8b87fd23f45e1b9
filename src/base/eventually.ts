import type { Clock } from './clock.ts';

export interface EventuallyOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  readonly everyMs: number;
}

/**
 * Looks again and again until `look` returns something other than undefined, or the time is up.
 * Returns undefined when the time is up: not seeing something is a fact for the judge, not an error.
 */
export async function eventually<Seen>(
  look: () => Promise<Seen | undefined>,
  { clock, signal, withinMs, everyMs }: EventuallyOptions,
): Promise<Seen | undefined> {
  const deadline = clock.monotonicMs() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0) return undefined;
    await clock.sleep(Math.min(everyMs, leftMs), signal);
  }
}
