import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly withinMs?: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks again and again until `look` returns something other than undefined or false, and returns that.
 * A look that throws counts as not yet; its message is in the error when the time is up.
 */
export async function waitUntil<Seen>(
  what: string,
  look: () => Promise<Seen | undefined | false> | Seen | undefined | false,
  { withinMs = 60_000, everyMs = 25, signal }: WaitOptions = {},
): Promise<Seen> {
  const deadline = performance.now() + withinMs;
  let trouble: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (performance.now() >= deadline) {
      const last = trouble instanceof Error ? `; the last look failed: ${trouble.message}` : '';
      throw new Error(`not within ${String(withinMs)} ms: ${what}${last}`, { cause: trouble });
    }
    await delay(everyMs, undefined, signal === undefined ? undefined : { signal });
  }
}
