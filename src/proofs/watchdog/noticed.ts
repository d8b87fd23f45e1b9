import { shortened } from '../../base/shortened.ts';
import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import { describe } from './arriving.ts';
import type { NoticedFacts, Watched } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** Did the switch raise the alarm when the alert was gone, did people hear of it, and is it quiet again? */
export function judgeNoticed(requirement: WatchdogRequirement, facts: NoticedFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'noticed');
  switch (facts.outcome) {
    case 'not-up':
      return [
        about.unknown(
          `the switch was "${facts.status}" before anything was stopped, so its alarm would show nothing`,
          'run the gate when it is up',
        ),
      ];
    case 'not-stopped':
      return [about.unknown(`the alert could not be stopped: ${facts.says}`)];
    case 'watched':
      return judgeWatched(requirement, facts);
  }
  return facts satisfies never;
}

function judgeWatched(requirement: WatchdogRequirement, facts: Watched): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'noticed');
  const { noticedWithin } = requirement;
  const { how, downAfterMs, back } = facts;
  const allowed = formatDuration(noticedWithin);
  if (downAfterMs === undefined) return [judgeUnnoticed(requirement, facts)];
  const after = formatMeasured(downAfterMs);
  if (downAfterMs > noticedWithin)
    return [about.no(`${how}, and the switch noticed too late: after ${after}; ${allowed} are allowed`, 'shorten its period and grace')];
  const findings = [about.yes(`${how}, and the switch noticed after ${after} (allowed: ${allowed})`), ...judgeTold(requirement, facts)];
  if (back === undefined) return [...findings, about.unknown('whether the switch came back was not looked at')];
  const { afterMs, waitedMs, status } = back;
  return [
    ...findings,
    afterMs === undefined
      ? about.no(
          `the switch did not come back: ${formatMeasured(waitedMs)} after the alert was let go again it is "${status}"`,
          'does the alert ping again? look for a silence or a route that keeps it',
        )
      : about.yes(`it was up again ${formatMeasured(afterMs)} after the alert was let go`),
  ];
}

/** Whoever stopped looking before the time was over has not seen that nothing came. */
function judgeUnnoticed({ rule, noticedWithin }: WatchdogRequirement, facts: Watched): Finding {
  const about = findingsOn(rule, 'noticed');
  const { how, watchedMs, statuses, pings, lookTrouble } = facts;
  const [first] = pings;
  if (lookTrouble !== undefined)
    return about.unknown(`${how}, and the switch could not be asked whether it noticed: ${lookTrouble.says}`, lookTrouble.hint);
  if (watchedMs < noticedWithin) return about.unknown(`${how}, and the switch was watched for ${formatMeasured(watchedMs)} only`);
  const says = `${how}, and the switch did not notice in ${formatMeasured(watchedMs)}`;
  if (statuses.some(({ status }) => status === 'down')) {
    return about.no(
      `${says}: by its times it is down, but it wrote down no change and tells nobody`,
      'is its sender of alerts (sendalerts) running?',
    );
  }
  if (first !== undefined) {
    const isOurs = first.alerts?.some(({ name }) => name === rule) === true;
    const hint = isOurs
      ? 'does an Alertmanager outside of this one\'s cluster tell it too? a silence does not reach there: name a "stop"'
      : 'find out who else pings it, and take its URL from them';
    return about.no(`${says}: it was still pinged, by ${describe(first)}`, hint);
  }
  return about.no(`${says}: it is still "${statuses.at(-1)?.status ?? 'unknown'}"`, 'is the switch itself alive?');
}

function judgeTold({ rule, tells, noticedWithin }: WatchdogRequirement, { told }: Watched): readonly Finding[] {
  const about = findingsOn(rule, 'noticed');
  if (tells === undefined) return [about.yes('whom the switch told was not looked at, only that it wrote down its alarm')];
  if (told === undefined) return [about.unknown(`whether the alarm came to ${tells} was not looked at`)];
  if ('trouble' in told)
    return [about.unknown(`whether the alarm came to ${tells} could not be looked at: ${told.trouble.says}`, told.trouble.hint)];
  const [first] = told.arrivals.filter(({ seenByPeople }) => seenByPeople);
  if (first === undefined || told.afterMs === undefined) {
    return [
      about.no(
        `the switch noticed, but its alarm did not come to ${tells} in ${formatMeasured(told.lookedForMs)}`,
        'is the integration of the switch the one that leads there? see its log of notifications',
      ),
    ];
  }
  const says = `its alarm was read back from "${first.place}" ${formatMeasured(told.afterMs)} after the stop: "${shortened(first.excerpt, 120)}"`;
  return [told.afterMs <= noticedWithin ? about.yes(says) : about.no(`${says}; ${formatDuration(noticedWithin)} are allowed`)];
}
