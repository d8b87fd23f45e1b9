import { shortened } from '../../base/shortened.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatDuration } from '../../base/duration.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { ArrivingFacts, PingFacts, SwitchFacts } from './facts.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** Do pings arrive in time, and is it this alert that sends them? */
export function judgeArriving({ rule }: WatchdogRequirement, { state }: SwitchFacts, { before, pings, waitedMs }: ArrivingFacts): Finding {
  const about = findingsOn(rule, 'arriving');
  const waited = formatMeasured(waitedMs);
  if (pings.length === 0) {
    return before === 0
      ? about.no(`the switch was never pinged, and not in ${waited} either`, pingUrlHint)
      : about.no(`no ping came in ${waited}; the last of ${String(before)} was at ${state?.lastPing ?? 'an unknown time'}`, pingUrlHint);
  }
  const stranger = pings.find((ping) => sender(ping, rule) === 'elsewhere');
  if (stranger !== undefined) {
    return about.no(
      `a ping comes from elsewhere: ${describe(stranger)}; the switch would stay quiet while alerting is dead`,
      `let ${rule} alone ping this switch, and give others one of their own`,
    );
  }
  const failing = pings.find(({ type }) => type !== 'success');
  if (failing !== undefined) {
    return about.no(
      `a ping arrives as "${failing.type}", which does not keep the switch quiet`,
      failing.type === 'ign'
        ? 'it is paused, or takes other methods or words'
        : 'give the receiver the ping URL itself, without anything after the uuid',
    );
  }
  if (pings.some((ping) => sender(ping, rule) === 'unknown')) {
    return about.unknown(
      'Alertmanager pings the switch, but nothing is kept of what it sends, so not which alert it is',
      'let the switch keep the bodies of pings',
    );
  }
  if (pings.length < 2) return about.no(`only one ping came in ${waited}`, 'shorten group_interval and repeat_interval of its route');
  const gaps = pings.slice(1).map(({ at }, index) => Date.parse(at) - Date.parse(pings[index]?.at ?? ''));
  const longestMs = Math.max(...gaps);
  if (!Number.isFinite(longestMs) || state?.periodMs === undefined) return about.unknown('the times of the pings cannot be read');
  const patienceMs = state.periodMs + state.graceMs;
  const says = `${String(pings.length)} pings of ${rule} arrived from Alertmanager, up to ${formatMeasured(longestMs)} apart`;
  if (longestMs >= patienceMs) return about.no(`${says}: the switch waits only ${formatDuration(patienceMs)}`, 'ping it more often');
  const late = longestMs > state.periodMs ? `, later than the period of ${formatDuration(state.periodMs)} but within the grace` : '';
  return about.yes(`${says}${late}`);
}

const pingUrlHint =
  "does the receiver's webhook lead to the ping URL of this switch? see Alertmanager's log and alertmanager_notifications_failed_total";

/** Whose ping it is, by what it brought. */
function sender({ alerts, body, userAgent }: PingFacts, rule: string): 'the alert' | 'elsewhere' | 'unknown' {
  if (alerts !== undefined) return alerts.some(({ name, status }) => name === rule && status === 'firing') ? 'the alert' : 'elsewhere';
  return body === '' && userAgent.startsWith('Alertmanager/') ? 'unknown' : 'elsewhere';
}

export function describe({ method, userAgent, alerts, body }: PingFacts): string {
  const what = alerts === undefined ? shortened(body, 80) : alerts.map(({ name, status }) => `${name} ${status}`).join(', ');
  return `${method} of ${userAgent === '' ? 'an unknown program' : userAgent}${what === '' ? '' : ` ("${what}")`}`;
}
