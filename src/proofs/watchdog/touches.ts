import { withoutCredentials } from '../../base/exchange.ts';
import { faultTouch } from '../../gate/fault-touch.ts';
import type { TouchContext } from '../../gate/proof.ts';
import type { Touch, Wakes } from '../../gate/touch.ts';
import type { SwitchIntegration } from '../../stack/dead-man.ts';
import type { WatchdogRequirement } from './requirement.ts';

/** After the time allowed it is watched a little longer: "too late" tells people more than "not at all". */
const longestGraceMs = 15_000;

/** How long the switch is watched. */
export function patienceOf({ noticedWithin }: WatchdogRequirement): number {
  return noticedWithin + Math.min(noticedWithin, longestGraceMs);
}

/** The alert is stopped, and the switch raises its alarm wherever it does so. */
export async function watchdogTouches(requirement: WatchdogRequirement, context: TouchContext): Promise<readonly Touch[]> {
  return context.grade === 'noticed' ? [await stopTouch(requirement, context)] : [];
}

/** What stops the alert, and who hears of it. */
export async function stopTouch(requirement: WatchdogRequirement, context: TouchContext): Promise<Touch> {
  const { rule, stop, tells } = requirement;
  const deadMan = context.deadMan();
  const isThere = (await deadMan.state(context.signal)) !== undefined;
  const alarm = isThere ? alarmOf(await deadMan.integrations(context.signal), tells) : {};
  if (stop !== undefined) return { ...(await faultTouch(stop, context)), ...alarm };
  return {
    does: 'silence',
    says: `${rule} is silenced in Alertmanager, so that the dead-man's switch raises its alarm`,
    request: `POST ${withoutCredentials(context.alertmanager().url).url}/api/v2/silences`,
    atMostMs: 2 * patienceOf(requirement),
    ...alarm,
  };
}

/** By Healthchecks' own names. What stands in neither list could wake somebody. */
const wake = 'pd opsgenie victorops spike pagertree pagerteam po prowl sms call whatsapp signal incidentio'.split(' ');
const leaveToRead =
  'email slack msteams msteamsw discord telegram mattermost rocketchat googlechat hipchat zulip matrix trello github linenotify'.split(' ');

/** Pure: whom the alarm tells. The only integration, if it can be anything, is what the item says of it. */
export function alarmOf(integrations: readonly SwitchIntegration[], tells: string | undefined): Pick<Touch, 'channels' | 'others'> {
  const others = integrations.map(({ name, kind }) => ({ says: `the dead-man's switch by ${kind} (${name})`, wakes: wakingOf(kind) }));
  const said = tells === undefined ? {} : { channels: [tells] };
  const isSaid = tells !== undefined && others.length === 1 && others[0]?.wakes === 'unknown';
  return { ...said, others: isSaid ? [] : others };
}

function wakingOf(kind: string): Wakes {
  if (wake.includes(kind)) return 'yes';
  return leaveToRead.includes(kind) ? 'no' : 'unknown';
}
