import { abortable, ranOutOfTime } from '../base/abortable.ts';
import { excerptOf } from './excerpt.ts';
import type { Exchanging } from './passage.ts';
import type { TurnSeen, Wish } from './turn.ts';

/** Messages that came and that nobody has taken yet. */
export interface Inbox<Message> {
  take(): Message | undefined;
  /** Whether more came than is kept. */
  isFull(): boolean;
  isClosed(): boolean;
  /** Resolves when something happens. */
  next(): Promise<void>;
}

interface Reader<Message> {
  text(message: Message): string;
  isWanted(message: Message): boolean;
}

/** Takes messages until one is as wanted, or none can be any more. */
export async function awaitMessage<Message>(
  { within }: Wish,
  inbox: Inbox<Message>,
  { text, isWanted }: Reader<Message>,
  { clock, signal }: Exchanging,
): Promise<TurnSeen> {
  const startedMs = clock.monotonicMs();
  const own = within === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(within)]);
  let count = 0;
  let last = '';
  const endedBy = (end: TurnSeen['end']): TurnSeen => ({
    end,
    count,
    excerpt: excerptOf(last),
    durationMs: clock.monotonicMs() - startedMs,
  });
  for (;;) {
    const message = inbox.take();
    if (message !== undefined) {
      count += 1;
      last = text(message);
      if (isWanted(message)) return endedBy('matched');
      continue;
    }
    if (inbox.isFull()) return endedBy('too-much');
    if (inbox.isClosed()) return endedBy('closed');
    try {
      await abortable(inbox.next(), own);
    } catch (error) {
      if (!ranOutOfTime(own)) throw error;
      return endedBy('timed-out');
    }
  }
}
