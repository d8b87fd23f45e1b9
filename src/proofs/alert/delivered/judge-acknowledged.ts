import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import { formatMeasured } from '../../../stack/samples.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { ChannelFacts, DeliveredFacts } from './facts.ts';

/** Did a person take the alert up in time? On each channel that the gate names, or on any that can show it. */
export function judgeAcknowledged(requirement: AlertRequirement, facts: DeliveredFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'acknowledged');
  const { acknowledgedWithin, acknowledgedOn } = requirement;
  if (acknowledgedWithin === undefined) {
    return [about.unknown('the gate does not say within which time somebody must acknowledge it', 'add "acknowledgedWithin"')];
  }
  if (facts.outcome === 'not-awaited') return [about.unknown('nobody was asked: the test alert was not on its way')];
  const findings = facts.channels.flatMap((each) => {
    const isNamed = acknowledgedOn.includes(each.channel);
    if (each.acknowledged === undefined) return isNamed ? [about.unknown(`${each.channel} was not looked at`)] : [];
    return isNamed || each.acknowledged.outcome !== 'cannot-show' ? [judgeChannel(requirement, each.channel, each.acknowledged)] : [];
  });
  if (findings.length === 0) {
    return [
      about.unknown(
        'none of its channels can show that somebody has seen the alert',
        'add a channel that can, such as PagerDuty, Slack or a phone',
      ),
    ];
  }
  const seen = findings.filter(({ holds }) => holds === 'yes');
  // Who has taken it up on one channel need not do so on the others, unless the gate says so.
  return acknowledgedOn.length === 0 && seen.length > 0 ? seen : findings;
}

function judgeChannel(
  { rule, acknowledgedWithin = 0 }: AlertRequirement,
  channel: string,
  acknowledged: NonNullable<ChannelFacts['acknowledged']>,
): Finding {
  const about = findingsOn(rule, 'acknowledged');
  const allowed = formatDuration(acknowledgedWithin);
  if (acknowledged.outcome === 'cannot-show') return about.unknown(`${channel} cannot show that somebody has seen the alert`);
  if (acknowledged.outcome === 'not-seen') {
    const { trouble } = acknowledged;
    if (trouble !== undefined)
      return about.unknown(`whether somebody acknowledged it on ${channel} could not be seen: ${trouble.says}`, trouble.hint);
    return about.no(`nobody acknowledged it on ${channel} within ${allowed}`, 'was somebody on call, awake, and told what to do?');
  }
  const [first] = acknowledged.by;
  const says = `${first?.by ?? 'somebody'} ${first?.how ?? 'acknowledged it'} on ${channel}, seen ${formatMeasured(acknowledged.afterMs)} after it was posted`;
  return acknowledged.afterMs <= acknowledgedWithin
    ? about.yes(`${says}, ${allowed} allowed`)
    : about.no(`${says}; ${allowed} are allowed`);
}
