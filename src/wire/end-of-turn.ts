import { abortable, ranOutOfTime } from '../base/abortable.ts';
import type { TurnSeen, Wish } from './turn.ts';

/** Where what comes over a connection waits for somebody to take it. */
export interface Arrivals {
  /** Whether more came than is kept. */
  isFull(): boolean;
  isClosed(): boolean;
  /** Resolves when something happens. */
  next(): Promise<void>;
}

/** Waits until `hasMatched`, which is asked after everything that comes, or until nothing can match any more. */
export async function endOfTurn(
  { within }: Pick<Wish, 'within'>,
  arrivals: Arrivals,
  signal: AbortSignal,
  hasMatched: () => boolean,
): Promise<TurnSeen['end']> {
  const own = within === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(within)]);
  for (;;) {
    if (hasMatched()) return 'matched';
    if (arrivals.isFull()) return 'too-much';
    if (arrivals.isClosed()) return 'closed';
    try {
      await abortable(arrivals.next(), own);
    } catch (error) {
      if (!ranOutOfTime(own)) throw error;
      return 'timed-out';
    }
  }
}
