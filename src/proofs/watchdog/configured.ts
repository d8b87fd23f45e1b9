import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { similarName } from '../../stack/similar-name.ts';
import type { RouteFacts, RuleFacts, SwitchFacts, WatchdogFacts } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** Does an alert that always fires lead to the switch, often enough, and does the switch tell anybody? */
export function judgeConfigured(requirement: WatchdogRequirement, { rule, route, deadMan }: WatchdogFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'configured');
  const loaded = judgeRule(requirement, rule);
  // A rule that does not fire has no alert whose route could be looked at; of one that does, not knowing it is no proof.
  const unrouted = loaded.holds === 'yes' ? [about.unknown('where Alertmanager routes its alert was not looked at')] : [];
  return [
    loaded,
    ...(route === undefined ? unrouted : [judgeRoute(requirement, route)]),
    'trouble' in deadMan
      ? about.unknown(`the dead-man's switch could not be asked: ${deadMan.trouble.says}`, deadMan.trouble.hint)
      : judgeSwitch(requirement, deadMan),
    ...(route === undefined || 'trouble' in deadMan ? [] : judgePace(requirement, route, deadMan)),
  ];
}

function judgeRule({ rule }: WatchdogRequirement, { found, names }: RuleFacts): Finding {
  const about = findingsOn(rule, 'configured');
  const [only] = found;
  if (only === undefined) {
    const meant = similarName(rule, names);
    const hint = meant === undefined ? 'add a rule that always fires: expr: vector(1)' : `did you mean ${meant}?`;
    return about.no(`Prometheus has no alerting rule ${rule}`, hint);
  }
  if (found.length > 1) return about.unknown(`Prometheus has ${String(found.length)} alerting rules named ${rule}`, 'keep one of them');
  const { query, state, health, lastError, alerts } = only;
  if (health === 'err') return about.no(`the rule cannot be evaluated: ${lastError}`);
  if (state !== 'firing' || alerts.length === 0)
    return about.no(`the rule does not fire, it is ${state}: \`${query}\``, 'a watchdog fires always: expr: vector(1), without "for"');
  return about.yes(`the rule is loaded and fires: \`${query}\``);
}

function judgeRoute({ rule, receiver }: WatchdogRequirement, { url, held, receivers, routes }: RouteFacts): Finding {
  const about = findingsOn(rule, 'configured');
  if (held.length === 0) {
    return about.no(
      `the rule fires, but its alert is not at the gate's Alertmanager (${url})`,
      'does Prometheus send to this Alertmanager, and do its alert_relabel_configs keep the alert?',
    );
  }
  const astray = held.find((each) => !each.receivers.includes(receiver));
  if (astray !== undefined) {
    const meant = similarName(receiver, receivers);
    const unheardOf = `its configuration has no receiver ${receiver}${meant === undefined ? '' : `: did you mean ${meant}?`}`;
    return about.no(
      `Alertmanager routes it to ${astray.receivers.join(' and ') || 'no receiver'}, not to ${receiver}`,
      receivers.includes(receiver) ? `add a route: matchers: [alertname="${rule}"], receiver: ${receiver}, before the others` : unheardOf,
    );
  }
  const hindered = held.find(({ state, silencedBy, inhibitedBy }) => state === 'suppressed' || silencedBy.length + inhibitedBy.length > 0);
  if (hindered !== undefined) {
    const why = [
      ...hindered.silencedBy.map((each) => `silenced by ${each}`),
      ...hindered.inhibitedBy.map((each) => `inhibited by ${each}`),
    ];
    return about.unknown(`its alert would ping nobody now: it is ${why.join(' and ') || 'suppressed'}`, 'end that, and run the gate again');
  }
  // The held alert shows where it goes; how often it goes there is known only from a route that the configuration has for it.
  if (!routes.some((each) => each.receiver === receiver))
    return about.unknown(`by its configuration Alertmanager should not route it to ${receiver}, and it does`, 'was it reloaded meanwhile?');
  return about.yes(`Alertmanager routes it to ${receiver}`);
}

function judgeSwitch({ rule, noticedWithin }: WatchdogRequirement, { state }: SwitchFacts): Finding {
  const about = findingsOn(rule, 'configured');
  if (state === undefined) return about.no("there is no such dead-man's switch", 'is "check" the uuid at the end of its ping URL?');
  const { name, status, periodMs, graceMs, integrations } = state;
  const called = `the dead-man's switch "${name}"`;
  if (status === 'paused') return about.no(`${called} is paused: it notices nothing`, 'resume it');
  if (integrations === undefined) {
    return about.unknown(`the key does not show whether ${called} tells anybody`, 'give it the read-write key: a read-only one hides that');
  }
  if (integrations === 0) return about.no(`${called} tells nobody: no integration is switched on for it`, 'assign one that wakes people');
  if (periodMs === undefined)
    return about.unknown(`${called} goes by a schedule, so how soon it notices is not known`, 'give it a simple period and a grace time');
  const sum = `its period of ${formatDuration(periodMs)} and grace of ${formatDuration(graceMs)}`;
  if (periodMs + graceMs > noticedWithin) {
    return about.no(
      `${called} may notice too late: ${sum} are ${formatDuration(periodMs + graceMs)}, ${formatDuration(noticedWithin)} are allowed`,
      'shorten them',
    );
  }
  const tells = integrations === 1 ? 'one integration' : `${String(integrations)} integrations`;
  return about.yes(`${called} watches with ${sum} (allowed: ${formatDuration(noticedWithin)}) and tells ${tells}`);
}

/**
 * Alertmanager repeats only at ticks of the group interval, and at the first one that is later than the repeat interval: with
 * 30 s and 30 s that can take 60 s.
 */
function judgePace({ rule, receiver }: WatchdogRequirement, { routes }: RouteFacts, { state }: SwitchFacts): readonly Finding[] {
  const about = findingsOn(rule, 'configured');
  const paces = routes.filter((route) => route.receiver === receiver && route.groupIntervalMs > 0);
  if (state?.periodMs === undefined || paces.length === 0) return [];
  const patienceMs = state.periodMs + state.graceMs;
  const longestMs = Math.min(...paces.map(longestGapMs));
  const { groupIntervalMs = 0, repeatIntervalMs = 0 } = paces.find((route) => longestGapMs(route) === longestMs) ?? {};
  const says = `a ping may take ${formatDuration(longestMs)} (repeat_interval ${formatDuration(repeatIntervalMs)}, at ticks of group_interval ${formatDuration(groupIntervalMs)})`;
  return [
    longestMs < patienceMs
      ? about.yes(`${says}; the switch waits ${formatDuration(patienceMs)}`)
      : about.no(
          `${says}, and the switch waits only ${formatDuration(patienceMs)}: it raises false alarms`,
          'shorten group_interval and repeat_interval of that route',
        ),
  ];
}

function longestGapMs({
  groupIntervalMs,
  repeatIntervalMs,
}: Pick<RouteFacts['routes'][number], 'groupIntervalMs' | 'repeatIntervalMs'>): number {
  return (Math.floor(repeatIntervalMs / groupIntervalMs) + 1) * groupIntervalMs;
}
