import { acknowledgementHops, arrivalHops } from '../../gate/channel-hops.ts';
import { inOrder, ownHop, type Timeline } from '../../gate/timeline.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { ChannelFacts, MessageFacts } from './facts.ts';
import type { ChannelRequirement } from './requirement.ts';

/** The way of each test message. */
export function timelines({ channel }: ChannelRequirement, { messages }: ChannelFacts): readonly Timeline[] {
  return messages.map((message, index) => {
    const which = messages.length === 1 ? '' : ` ${String(index + 1)} of ${String(messages.length)}`;
    return { says: `test message${which} on ${channel}`, nonce: message.nonce, startedAt: message.sentAt, hops: hopsOf(channel, message) };
  });
}

function hopsOf(channel: string, { sentAt, acceptance, arrivals, seenAfterMs = 0, acknowledged }: MessageFacts): Timeline['hops'] {
  const first = arrivals.find(({ seenByPeople }) => seenByPeople) ?? arrivals[0];
  const answered = acceptance?.accepted === true ? 'was taken' : 'was refused';
  return inOrder([
    ownHop('signal', 'the message was sent', sentAt, 0),
    ...(acceptance === undefined ? [] : [ownHop('provider', `${channel}: it ${answered}: ${acceptance.answer}`, acceptance.at, 0)]),
    ...(first === undefined ? [] : arrivalHops(channel, first, `read back ${formatMeasured(seenAfterMs)} after it was sent`)),
    ...(acknowledged?.outcome === 'seen' ? acknowledgementHops(channel, acknowledged.by) : []),
  ]);
}
