import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import { configuredMutants } from './configured-mutants.ts';
import type { ArrivingFacts, NoticedFacts, PingFacts, WatchdogFacts, Watched } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<WatchdogFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

export function watchdogMutants(requirement: WatchdogRequirement, facts: WatchdogFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.watchdog, grade, rung);
  return [
    ...configuredMutants(requirement, facts),
    ...(asks('arriving') ? arriving(requirement, facts) : []),
    ...(asks('noticed') ? noticed(requirement, facts) : []),
  ];
}

function arriving({ rule }: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  const { arriving: seen, ...unseen } = facts;
  if (seen === undefined || 'trouble' in seen) return [];
  const { pings } = seen;
  const [first] = pings;
  const last = pings.at(-1);
  if (first === undefined || last === undefined) return [];
  const { alerts: _, ...bare } = last;
  const other = (change: Partial<ArrivingFacts>): WatchdogFacts => ({ ...facts, arriving: { ...seen, ...change } });
  const lastIs = (ping: PingFacts): WatchdogFacts => other({ pings: pings.with(-1, ping) });
  const muchLater = new Date(Date.parse(last.at) + 86_400_000).toISOString();
  return [
    worse('pings-not-looked-at', 'nobody looked at the pings', unseen),
    worse('pings-untold', 'the pings could not be looked at', { ...facts, arriving: { trouble } }),
    worse('no-pings', 'no ping came', other({ pings: [] })),
    worse('never-pinged', 'no ping ever came', other({ pings: [], before: 0 })),
    worse('single-ping', 'only one ping came', other({ pings: [first] })),
    worse('pings-far-apart', 'the last ping came a day after the one before', lastIs({ ...last, at: muchLater })),
    worse('ping-of-stranger', 'somebody else pings the switch', lastIs({ ...bare, userAgent: 'curl', body: 'cron job' })),
    worse(
      'ping-of-other-alert',
      `a ping tells another alert than ${rule}`,
      lastIs({ ...last, alerts: [{ name: 'HighLatency', status: 'firing' }] }),
    ),
    worse('ping-of-resolved', `a ping tells that ${rule} is over`, lastIs({ ...last, alerts: [{ name: rule, status: 'resolved' }] })),
    worse('ping-without-body', 'nothing is kept of what a ping brings', lastIs({ ...bare, userAgent: 'Alertmanager/0.27', body: '' })),
    worse('ping-ignored', 'the switch ignores a ping', lastIs({ ...last, type: 'ign' })),
  ];
}

function noticed({ rule, tells, noticedWithin }: WatchdogRequirement, facts: WatchdogFacts): Mutants {
  const { noticed: seen, ...unseen } = facts;
  if (seen === undefined || 'trouble' in seen || seen.outcome !== 'watched') return [];
  const { downAfterMs: _, back, ...unnoticed } = seen;
  const became = (change: NoticedFacts): WatchdogFacts => ({ ...facts, noticed: change });
  const { afterMs: __, ...never } = back ?? { waitedMs: 0, status: 'down' };
  return [
    worse('stop-not-tried', `${rule} was not stopped`, unseen),
    worse('stop-untold', `what happened when ${rule} was stopped could not be seen`, { ...facts, noticed: { trouble } }),
    worse('not-up-before', 'the switch was down before', became({ outcome: 'not-up', status: 'down' })),
    worse('not-stopped', `${rule} could not be stopped`, became({ outcome: 'not-stopped', says: 'the silence was refused' })),
    worse('not-noticed', 'the switch did not notice', became({ ...unnoticed, watchedMs: noticedWithin })),
    worse('watched-too-short', 'the switch was not watched for long', became({ ...unnoticed, watchedMs: 0 })),
    worse('noticed-late', 'the switch noticed too late', became({ ...seen, downAfterMs: noticedWithin + 1 })),
    worse('not-back', 'the switch did not come back', became({ ...seen, back: { ...never, status: 'down' } })),
    worse('back-not-looked-at', 'nobody looked whether the switch came back', became(withoutBack(seen))),
    ...(tells === undefined ? [] : told(tells, noticedWithin, seen, became)),
  ];
}

function withoutBack({ back: _, ...rest }: Watched): Watched {
  return rest;
}

function told(tells: string, noticedWithin: number, seen: Watched, became: (change: NoticedFacts) => WatchdogFacts): Mutants {
  const { told: alarm, ...untold } = seen;
  if (alarm === undefined || 'trouble' in alarm) return [];
  const { afterMs: _, ...unfound } = alarm;
  const unseen = alarm.arrivals.map((each) => ({ ...each, seenByPeople: false }));
  return [
    worse('alarm-not-looked-at', `nobody looked whether the alarm came to ${tells}`, became(untold)),
    worse('alarm-untold', `${tells} could not be looked at`, became({ ...seen, told: { trouble } })),
    worse('alarm-lost', `the alarm did not come to ${tells}`, became({ ...seen, told: { ...unfound, arrivals: [] } })),
    worse('alarm-in-junk', `the alarm came to ${tells} where nobody looks`, became({ ...seen, told: { ...alarm, arrivals: unseen } })),
    worse('alarm-late', `the alarm came to ${tells} too late`, became({ ...seen, told: { ...alarm, afterMs: noticedWithin + 1 } })),
  ];
}
