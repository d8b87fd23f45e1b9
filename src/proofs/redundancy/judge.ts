import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { Away, Parts, RedundancyFacts, Trial } from './facts.ts';
import type { RedundancyRequirement } from './requirement.ts';
import { shortcomingsOf } from './shortcomings.ts';

const subject = 'alerting';

/** Judges whether the parts stand in for each other: by how they are joined, and by what happened when some were gone. */
export function judgeRedundancy(requirement: RedundancyRequirement, facts: RedundancyFacts): readonly Finding[] {
  return [...judgeClustered(requirement, facts), ...judgeSurvived(requirement, facts)];
}

function judgeClustered({ watchdog }: RedundancyRequirement, { parts }: RedundancyFacts): readonly Finding[] {
  const about = findingsOn(subject, 'clustered');
  const shortcomings = shortcomingsOf(parts, watchdog);
  if (shortcomings.length > 0)
    return shortcomings.map(({ says, hint, unknown }) => (unknown ? about.unknown(says, hint) : about.no(says, hint)));
  const { prometheuses, alertmanagers } = parts;
  const says = `${String(prometheuses.length)} Prometheus with the same rules each tell ${String(alertmanagers.length)} Alertmanagers, which are one cluster and take their alerts for the same`;
  return [about.yes(says)];
}

function judgeSurvived(requirement: RedundancyRequirement, { parts, trials }: RedundancyFacts): readonly Finding[] {
  const about = findingsOn(subject, 'survived');
  if (trials === undefined) return [];
  if (shortcomingsOf(parts, requirement.watchdog).length > 0) {
    return [about.unknown('nothing was taken away: the parts do not stand in for each other as it is')];
  }
  if (requirement.takeAway.length === 0) {
    return [about.unknown('the gate does not say how something is taken away', 'add "takeAway"')];
  }
  const untried = requirement.takeAway.slice(Math.max(0, trials.length - 1));
  const kept = untried.length > 0 ? [] : neverAway(parts, trials);
  return [
    ...trials.flatMap((trial) => judgeTrial(requirement, parts, trial)),
    ...untried.map(({ says }) =>
      about.unknown(`not tried: ${says}`, 'something before it went wrong, and what is left must not be taken away too'),
    ),
    ...kept.map((url) =>
      about.unknown(`${url} was never taken away, so whether alerts arrive without it is not known`, 'name it in a "takeAway"'),
    ),
  ];
}

/** Everything may hang on a part that always stayed. */
function neverAway({ prometheuses, alertmanagers }: Parts, trials: readonly Trial[]): readonly string[] {
  const taken = new Set(trials.flatMap(({ away }) => (away?.gone ?? []).map(({ url }) => url)));
  return [...prometheuses, ...alertmanagers].map(({ url }) => url).filter((url) => !taken.has(url));
}

function judgeTrial(requirement: RedundancyRequirement, { alertmanagers }: Parts, { away, test }: Trial): readonly Finding[] {
  const about = findingsOn(subject, 'survived');
  const there = alertmanagers.map(({ url }) => url).filter((url) => away?.gone.some((each) => each.url === url) !== true);
  if (away === undefined) return [judgeArrival(requirement, 'with everything in place', there, test)];
  const notBack = judgeBack(requirement, away);
  const { says, answer, gone } = away;
  if (answer.status >= 400) {
    return [about.unknown(`${says}: the request for it was answered with HTTP ${String(answer.status)}: ${answer.excerpt}`), ...notBack];
  }
  const still = gone.filter(({ afterMs }) => afterMs === undefined).map(({ url }) => url);
  if (still.length > 0) {
    const allowed = formatDuration(requirement.goneWithin);
    const hint = 'does the request under "inject" really stop it?';
    return [about.unknown(`${says}: nothing was shown, because ${still.join(' and ')} still answered after ${allowed}`, hint), ...notBack];
  }
  if (test === undefined)
    return [about.unknown(`${says}: no Alertmanager was left to tell anything`, 'take away one at a time'), ...notBack];
  const arrival = judgeArrival(requirement, says, there, test);
  const renewal = judgeRenewal(requirement, away);
  if (arrival.holds === 'yes' && !away.stayedAway) {
    const hint = `let it last longer than the test takes`;
    return [about.unknown(`${says}: it was back before the test alert had arrived, so that shows nothing`, hint), ...notBack];
  }
  return [arrival, ...renewal, ...notBack];
}

function judgeArrival(
  { channel, deliveredWithin }: RedundancyRequirement,
  when: string,
  there: readonly string[],
  test: Trial['test'],
): Finding {
  const about = findingsOn(subject, 'survived');
  if (test === undefined) return about.unknown(`${when}: no test alert was posted`);
  const { postedTo, arrivals, foundAfterMs, trouble } = test;
  if (trouble !== undefined)
    return about.unknown(`${when}: whether a test alert arrives on ${channel} could not be seen: ${trouble.says}`, trouble.hint);
  const allowed = formatDuration(deliveredWithin);
  if (arrivals.length === 0 || foundAfterMs === undefined) {
    const hint = 'does each Alertmanager reach the channel by itself, and does the route lead there?';
    return about.no(`${when}: the test alert did not arrive on ${channel} within ${allowed}`, hint);
  }
  if (arrivals.length > 1) {
    const hint =
      'the Alertmanagers do not learn from each other what was told: see whether UDP and TCP between them are open, and --cluster.peer-timeout';
    return about.no(`${when}: the test alert arrived ${String(arrivals.length)} times on ${channel}`, hint);
  }
  const after = `after ${formatMeasured(foundAfterMs)}, ${allowed} allowed`;
  if (foundAfterMs > deliveredWithin) return about.no(`${when}: the test alert arrived on ${channel} only ${after}`);
  const untold = there.filter((url) => !postedTo.includes(url));
  if (untold.length > 0)
    return about.unknown(`${when}: the test alert could not be posted to ${untold.join(' and ')}, so that it came once shows little`);
  if (test.mergesCopies)
    return about.unknown(
      `${when}: the test alert arrived on ${channel}, which cannot show whether it was told twice`,
      'name a channel that shows every copy, such as Slack or e-mail',
    );
  return about.yes(`${when}: the test alert arrived on ${channel} exactly once, ${after}`);
}

function judgeRenewal({ watchdog, renewedWithin }: RedundancyRequirement, { says, renewed }: Away): readonly Finding[] {
  const about = findingsOn(subject, 'survived');
  if (renewed.length === 0) return [about.unknown(`${says}: nobody looked whether ${watchdog} was renewed`)];
  const unseen = renewed.flatMap(({ trouble }) => trouble ?? []);
  const silent = renewed.filter(({ afterMs, trouble }) => afterMs === undefined && trouble === undefined).map(({ url }) => url);
  if (silent.length === 0 && unseen.length > 0)
    return unseen.map((trouble) =>
      about.unknown(`${says}: whether ${watchdog} was renewed could not be seen: ${trouble.says}`, trouble.hint),
    );
  if (silent.length === 0) return [about.yes(`${says}: ${watchdog} was renewed all the same`)];
  const hint = 'does the Prometheus that is left evaluate its rules, and send to this Alertmanager?';
  return [
    about.no(`${says}: ${watchdog} was not renewed any more within ${formatDuration(renewedWithin)} at ${silent.join(' and ')}`, hint),
  ];
}

function judgeBack({ watchdog, backWithin }: RedundancyRequirement, { says, back }: Away): readonly Finding[] {
  if (back.afterMs !== undefined) return [];
  const left = shortcomingsOf(back.parts, watchdog).map((each) => each.says);
  const about = findingsOn(subject, 'survived');
  const allowed = formatDuration(backWithin);
  return [about.no(`${says}: ${allowed} after it was given back not everything was whole again: ${left.join('; ')}`, 'look after it now')];
}
