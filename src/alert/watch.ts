import type { Channel, ChannelContext } from './channel.ts';
import { orTrouble, type Trouble } from '../base/trouble.ts';

export type Watched<Seen> = { readonly seen: Seen } | { readonly trouble: Trouble | undefined };

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
  for (;;) {
    const looked = await orTrouble(signal, async () => ({ seen: await look() }));
    if ('seen' in looked && looked.seen !== undefined) return { seen: looked.seen };
    const trouble = 'trouble' in looked ? looked.trouble : undefined;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0 || (trouble !== undefined && !passing.includes(trouble.code))) return { trouble };
    await clock.sleep(Math.min(channel.readBackEveryMs, leftMs), signal);
  }
}
