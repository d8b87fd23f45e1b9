import { arrivalHops } from '../../gate/channel-hops.ts';
import { inOrder, ownHop, type Timeline } from '../../gate/timeline.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { RedundancyFacts, Trial } from './facts.ts';
import type { RedundancyRequirement } from './requirement.ts';

/** The way of the test alert of each trial: with everything in place, and with each part away. */
export function timelines({ channel }: RedundancyRequirement, { trials = [] }: RedundancyFacts): readonly Timeline[] {
  return trials.flatMap((trial) => ofTrial(channel, trial));
}

function ofTrial(channel: string, { away, test }: Trial): readonly Timeline[] {
  if (test?.postedAt === undefined) return [];
  const { nonce, postedAt, postedTo, arrivals, foundAfterMs } = test;
  const found = foundAfterMs === undefined ? 'read back late' : `read back ${formatMeasured(foundAfterMs)} after the posting`;
  const hops = [
    ownHop('signal', `the test alert was posted to ${postedTo.join(', ')}`, postedAt, 0),
    ...arrivals.flatMap((arrival) => arrivalHops(channel, arrival, found)),
  ];
  return [{ says: `test alert while ${away?.says ?? 'everything is in place'}`, nonce, startedAt: postedAt, hops: inOrder(hops) }];
}
