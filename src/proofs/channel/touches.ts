import type { Touch } from '../../gate/touch.ts';
import type { ChannelRequirement } from './requirement.ts';

/** Test messages, straight to the provider of the channel. */
export function channelTouches({ channel, times }: ChannelRequirement): Promise<readonly Touch[]> {
  const says = times === 1 ? `a test message is sent on ${channel}` : `${String(times)} test messages are sent on ${channel}`;
  return Promise.resolve([{ does: 'test-message', says, channels: [channel] }]);
}
