import type { Arrival } from '../../../alert/channel.ts';
import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import { formatMeasured } from '../../../stack/samples.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Posted, RoutedFacts } from '../routed/facts.ts';
import { isResolved } from '../../../alert/alert-status.ts';
import type { ChannelFacts, DeliveredFacts, Failures } from './facts.ts';

/** Did the test alert arrive on every channel, where people see it and in time? One finding for each channel. */
export function judgeDelivered(requirement: AlertRequirement, routed: RoutedFacts, facts: DeliveredFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'delivered');
  if (facts.outcome === 'not-awaited' || routed.outcome === 'not-posted') {
    return [
      about.unknown('no delivery was awaited: the test alert was not on its way to the required receivers', 'see the findings on "routed"'),
    ];
  }
  if (requirement.channels.length === 0) {
    return [about.unknown('the gate names no channel on which the alert must arrive', 'add them under "channels"')];
  }
  return requirement.channels.flatMap((name) => {
    const channel = facts.channels.find((each) => each.channel === name);
    if (channel === undefined) return [about.unknown(`${name} was not looked at`)];
    return [judgeChannel(requirement, routed, channel, facts.failures), ...judgeEnd(requirement, channel)];
  });
}

/** Were people told that it is over? Whoever is not goes on looking for something that is gone. */
function judgeEnd(
  { rule, channels, resolvedWithin, resolvedOn }: AlertRequirement,
  { channel, foundAfterMs, resolved }: ChannelFacts,
): readonly Finding[] {
  if (resolvedWithin === undefined) return [];
  const about = findingsOn(rule, 'delivered');
  if (resolved === undefined) {
    const isAwaited = (resolvedOn.length === 0 ? channels : resolvedOn).includes(channel);
    // Nobody is told of the end of something that they were not told of, and that is refuted already.
    return isAwaited && foundAfterMs !== undefined
      ? [about.unknown(`whether ${channel} told that the test alert is over was not looked at`)]
      : [];
  }
  const allowed = formatDuration(resolvedWithin);
  if (resolved.outcome === 'seen') {
    const says = `${channel} told that the test alert is over ${formatMeasured(resolved.afterMs)} after its end`;
    return [resolved.afterMs <= resolvedWithin ? about.yes(`${says}, ${allowed} allowed`) : about.no(`${says}; ${allowed} are allowed`)];
  }
  const { trouble } = resolved;
  if (trouble !== undefined)
    return [about.unknown(`whether ${channel} told that the test alert is over could not be seen: ${trouble.says}`)];
  const hint = 'set send_resolved: true for that receiver, and a group_interval that is not longer than people can wait';
  return [about.no(`${channel} did not tell within ${allowed} that the test alert is over`, hint)];
}

function judgeChannel(requirement: AlertRequirement, posted: Posted, facts: ChannelFacts, failures: readonly Failures[]): Finding {
  const about = findingsOn(requirement.rule, 'delivered');
  const { channel, foundAfterMs, trouble } = facts;
  const arrivals = facts.arrivals.filter((each) => !isResolved(each));
  const allowed = formatDuration(requirement.deliveredWithin);
  if (trouble !== undefined) return about.unknown(`${channel} could not be looked at: ${trouble.says}`, trouble.hint);
  if (arrivals.length === 0 || foundAfterMs === undefined) {
    return about.no(`the test alert did not arrive on ${channel} within ${allowed}`, whyNot(requirement, posted, facts, failures));
  }
  const after = formatMeasured(foundAfterMs);
  if (foundAfterMs > requirement.deliveredWithin)
    return about.no(`the test alert arrived on ${channel} after ${after}, and ${allowed} are allowed`);
  const seen = arrivals.filter(({ seenByPeople }) => seenByPeople);
  if (seen.length === 0) {
    const places = [...new Set(arrivals.map(({ place }) => place))].join(' and ');
    return about.no(
      `the test alert arrived on ${channel} only in ${places}, where nobody would see it`,
      'make the sender trusted there, or take away the rule that sorts it out',
    );
  }
  const stranger = seen.find(({ fingerprint }) => fingerprint !== undefined && fingerprint !== posted.held?.fingerprint);
  if (stranger !== undefined) {
    return about.no(
      `what arrived on ${channel} is another alert: its fingerprint is ${stranger.fingerprint ?? ''}, ours is ${posted.held?.fingerprint ?? 'not known'}`,
      'does something between Alertmanager and the channel change labels?',
    );
  }
  return about.yes(
    `the test alert arrived on ${channel} in ${seen[0]?.place ?? ''} after ${after}, ${allowed} allowed${wayOf(posted, seen[0])}${repeated(seen)}`,
  );
}

/** The hops that are known of its way, by the clocks of those who tell them, counted from the posting. */
function wayOf({ postedAt, held }: Posted, arrival: Arrival | undefined): string {
  const hops = (arrival?.hops ?? []).map(({ hop, at }) => `${hop} ${formatMeasured(Math.max(0, Date.parse(at) - Date.parse(postedAt)))}`);
  if (hops.length === 0) return '';
  const first = held === undefined ? [] : [`Alertmanager ${formatMeasured(held.afterMs)}`];
  return ` (${[...first, ...hops].join(' → ')})`;
}

function repeated(seen: readonly Arrival[]): string {
  return seen.length === 1 ? '' : `; it arrived ${String(seen.length)} times`;
}

/** What is known of a message that did not arrive. */
function whyNot(
  requirement: AlertRequirement,
  { held, routes, others }: Posted,
  { kind }: ChannelFacts,
  failures: readonly Failures[],
): string {
  const failed = failures.filter(({ integration }) => integration === kind);
  const hints = [
    `Alertmanager routed it to ${held?.receivers.join(' and ') ?? 'nobody'}`,
    ...(failed.length > 0 ? failed : failures).map(
      ({ integration, reason, times }) =>
        `Alertmanager failed to send by ${integration} ${String(times)} ${times === 1 ? 'time' : 'times'} meanwhile${reason === undefined ? '' : ` (${reason})`}: its log says why`,
    ),
    ...(failures.length > 0
      ? []
      : ['it counts no failed notification: does that receiver really send to this channel, and what did its provider do with it?']),
    ...slow(requirement.deliveredWithin, routes, others),
    ...routes.timeIntervals.map((interval) => `its route is subject to the time interval ${interval}: is it muted now?`),
  ];
  return hints.join('; ');
}

function slow(allowedMs: number, { groupWaitMs, groupIntervalMs }: Posted['routes'], others: number): readonly string[] {
  if (groupWaitMs >= allowedMs) return [`its group wait of ${formatDuration(groupWaitMs)} alone takes longer than is allowed`];
  if (others === 0 || groupIntervalMs < allowedMs) return [];
  return [
    `${String(others)} other alerts of this name were active, so it may have had to wait for their group's interval of ${formatDuration(groupIntervalMs)}`,
  ];
}
