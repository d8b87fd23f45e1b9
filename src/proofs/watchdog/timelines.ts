import { arrivalHops } from '../../gate/channel-hops.ts';
import { inOrder, ownHop, type Timeline } from '../../gate/timeline.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { WatchdogFacts } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** The way of the silence: from its beginning to the people who were told of it. */
export function timelines({ tells = 'the channel' }: WatchdogRequirement, { noticed }: WatchdogFacts): readonly Timeline[] {
  if (noticed === undefined || 'trouble' in noticed || noticed.outcome !== 'watched') return [];
  const { stoppedAt, how, statuses, downAfterMs, told } = noticed;
  const [first] = told === undefined || 'trouble' in told ? [] : told.arrivals;
  const foundAfterMs = told === undefined || 'trouble' in told ? undefined : told.afterMs;
  const readBack = foundAfterMs === undefined ? 'read back late' : `read back ${formatMeasured(foundAfterMs)} after the stop`;
  const hops = [
    ownHop('signal', how, stoppedAt, 0),
    ...statuses.map(({ status, afterMs }) => ownHop('provider', `the switch says "${status}"`, stoppedAt, afterMs)),
    ...(downAfterMs === undefined ? [] : [ownHop('provider', 'the switch has written down its alarm', stoppedAt, downAfterMs)]),
    ...(first === undefined ? [] : arrivalHops(tells, first, readBack)),
  ];
  return [{ says: 'the alert that always fires was stopped', startedAt: stoppedAt, hops: inOrder(hops) }];
}
