import type { Arrival } from '../../alert/channel.ts';
import type { Found } from '../../alert/watch.ts';

/**
 * How much longer to look for a second copy, in milliseconds: from when the first one arrived, not from when it was found.
 * The destination says when that was; however wrong its clock is, it was not before the last look that found nothing.
 */
export function stillToSettleMs({ seen, newForMs }: Found<readonly Arrival[]>, settleMs: number, now: Date): number {
  const saidMs = now.getTime() - Math.min(...seen.map(({ at }) => Date.parse(at)));
  return settleMs - Math.min(Math.max(0, saidMs), newForMs);
}
