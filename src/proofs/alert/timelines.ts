import { isResolved } from '../../alert/alert-status.ts';
import { acknowledgementHops, arrivalHops } from '../../gate/channel-hops.ts';
import { inOrder, ownHop, theirHop, type Hop, type Timeline } from '../../gate/timeline.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { ChannelFacts } from './delivered/facts.ts';
import type { AlertFacts } from './facts.ts';
import type { AlertRequirement } from './requirement.ts';
import type { Held } from './routed/facts.ts';

/** A real fault shows the way from the system to Alertmanager, a test alert the way from there to the people and back. */
export function timelines(requirement: AlertRequirement, facts: AlertFacts): readonly Timeline[] {
  return [...ofFault(requirement, facts), ...ofTestAlert(requirement, facts)];
}

function ofFault({ rule, fault }: AlertRequirement, { fired }: AlertFacts): readonly Timeline[] {
  if (fired === undefined || 'trouble' in fired || fired.outcome !== 'watched') return [];
  const { injectedAt, transitions, atAlertmanager } = fired;
  const says = `real fault: ${fault?.says ?? 'made in the system under test'}`;
  const hops = [
    ownHop('signal', `the fault was made (HTTP ${String(fired.answer.status)})`, injectedAt, 0),
    ...transitions.map(({ state, afterMs, value }) =>
      ownHop('rule', `${rule} is ${state}${value === undefined ? '' : `, its value is ${value}`}`, injectedAt, afterMs),
    ),
    ...(atAlertmanager === undefined || 'trouble' in atAlertmanager ? [] : [heldHop(atAlertmanager, injectedAt)]),
  ];
  return [{ says, startedAt: injectedAt, hops: inOrder(hops) }];
}

function ofTestAlert({ rule }: AlertRequirement, { routed, delivered }: AlertFacts): readonly Timeline[] {
  if (routed === undefined || 'trouble' in routed || routed.outcome !== 'posted') return [];
  const { postedAt, held, labels } = routed;
  const nonce = labels['liveproof_nonce'];
  const channels = delivered?.outcome === 'awaited' ? delivered.channels : [];
  const hops = [
    ownHop('signal', 'the test alert was posted', postedAt, 0),
    ...(held === undefined ? [] : [heldHop(held, postedAt)]),
    ...channels.flatMap(channelHops),
  ];
  return [{ says: `test alert ${rule}`, ...(nonce === undefined ? {} : { nonce }), startedAt: postedAt, hops: inOrder(hops) }];
}

function heldHop({ receivers, state, afterMs }: Held, startedAt: string): Hop {
  const to = receivers.length === 0 ? 'routes it to nobody' : `routes it to ${receivers.join(', ')}`;
  return ownHop('alertmanager', `Alertmanager holds it (${state}) and ${to}`, startedAt, afterMs);
}

function channelHops({ channel, arrivals, foundAfterMs, acknowledged, resolved }: ChannelFacts): readonly Hop[] {
  const firing = arrivals.filter((each) => !isResolved(each));
  const first = firing.find(({ seenByPeople }) => seenByPeople) ?? firing[0];
  if (first === undefined || foundAfterMs === undefined) return [];
  return [
    ...arrivalHops(channel, first, `read back ${formatMeasured(foundAfterMs)} after the posting`),
    ...(acknowledged?.outcome === 'seen' ? acknowledgementHops(channel, acknowledged.by) : []),
    ...(resolved?.outcome === 'seen'
      ? [theirHop('resolution', `${channel}: told as over, ${formatMeasured(resolved.afterMs)} after its end`, resolved.arrival.at)]
      : []),
  ];
}
