import { endOfTurn, type Arrivals } from './end-of-turn.ts';
import { excerptOf } from './excerpt.ts';
import type { Exchanging } from './passage.ts';
import type { TurnSeen, Wish } from './turn.ts';

/** Messages that came and that nobody has taken yet. */
export interface Inbox<Message> extends Arrivals {
  take(): Message | undefined;
}

interface Reader<Message> {
  text(message: Message): string;
  isWanted(message: Message): boolean;
}

/** Takes messages until one is as wanted, or none can be any more. */
export async function awaitMessage<Message>(
  wish: Wish,
  inbox: Inbox<Message>,
  { text, isWanted }: Reader<Message>,
  { clock, signal }: Exchanging,
): Promise<TurnSeen> {
  const startedMs = clock.monotonicMs();
  let count = 0;
  let last = '';
  const end = await endOfTurn(wish, inbox, signal, () => {
    for (let message = inbox.take(); message !== undefined; message = inbox.take()) {
      count += 1;
      last = text(message);
      if (isWanted(message)) return true;
    }
    return false;
  });
  return { end, count, excerpt: excerptOf(last), durationMs: clock.monotonicMs() - startedMs };
}
