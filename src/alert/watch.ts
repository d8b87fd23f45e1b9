import type { Channel, ChannelContext } from './channel.ts';
import { orTrouble, type Trouble } from '../base/trouble.ts';

export interface Found<Seen> {
  readonly seen: Seen;
  /** Since the look before, which had not found it yet. A look that others shared may be a little older than it seems: then it came in earlier than this, never later. */
  readonly newForMs: number;
}

export type Watched<Seen> = Found<Seen> | { readonly trouble: Trouble | undefined };

/** What may be better a moment later; anything else is not worth asking again. */
export const passing = ['channel/unreachable', 'channel/rate-limited'];

/** Looks at a channel until `look` finds something or the time is up; the last trouble is told when it found nothing. */
export async function watch<Seen>(
  channel: Channel,
  { clock, signal }: ChannelContext,
  withinMs: number,
  look: () => Promise<Seen | undefined>,
): Promise<Watched<Seen>> {
  const deadline = clock.monotonicMs() + Math.max(0, withinMs);
  let unseenMs = clock.monotonicMs();
  for (;;) {
    const begunMs = clock.monotonicMs();
    const looked = await orTrouble(signal, async () => ({ seen: await look() }));
    if ('seen' in looked && looked.seen !== undefined) return { seen: looked.seen, newForMs: clock.monotonicMs() - unseenMs };
    const trouble = 'trouble' in looked ? looked.trouble : undefined;
    if (trouble === undefined) unseenMs = begunMs;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0 || (trouble !== undefined && !passing.includes(trouble.code))) return { trouble };
    await clock.sleep(Math.min(channel.readBackEveryMs, leftMs), signal);
  }
}
