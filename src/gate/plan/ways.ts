import { formatInhibitRule } from '../../stack/alertmanager/routing.ts';
import { mayLeaveAt, mayMatch, type KnownLabels } from '../../stack/alertmanager/may-reach.ts';
import type { Integration } from '../../stack/alertmanager/receivers.ts';
import type { Live } from './live.ts';
import type { DeclaredWay, World } from './world.ts';

/** Whom a way wakes: as its channel says, `somebody` who is not known to the gate, perhaps somebody (`unknown`), or nobody. */
export type Waking = DeclaredWay['wakes'] | 'somebody' | 'unknown';

/** One way that a signal takes, or may take, to people. */
export interface Way {
  /** The receiver of Alertmanager; absent for what is sent straight to a channel. */
  readonly receiver?: string;
  /** The kind of the receiver's integration, or of the outsider that tells. */
  readonly by?: string;
  /** Where it ends, as far as anybody can tell. */
  readonly to?: string;
  /** The channels of the gate that this is, or may be. */
  readonly channels: readonly string[];
  readonly wakes: Waking;
  /** False when it depends on labels that are known only when the alert is there. */
  readonly isCertain: boolean;
  /** What holds it back now, in words: it may end at any time. */
  readonly heldBackBy: readonly string[];
}

/** Integrations that exist to wake people. Amazon SNS is among them: behind a topic may stand text messages. */
const alwaysWake = ['pagerduty', 'opsgenie', 'victorops', 'pushover', 'sns', 'incidentio'];
/** Integrations that leave something to be read. What stands in neither list could wake somebody. */
const leaveToRead = 'email slack msteams msteamsv2 discord telegram webex wechat rocketchat mattermost jira'.split(' ');

/** Every way on which an alert with these labels may be told by a live Alertmanager. */
export function waysOf(known: KnownLabels, live: Live, world: World): readonly Way[] {
  const held = heldBack(known, live);
  const leaving = mayLeaveAt(live.config.route, known);
  const receivers = [...new Set(leaving.map(({ route }) => route.receiver))];
  return receivers.flatMap((receiver) => {
    const own = leaving.filter(({ route }) => route.receiver === receiver);
    const isCertain = own.some((each) => each.isCertain);
    return waysFrom(receiver, live, world).map((way) => ({ ...way, receiver, isCertain, heldBackBy: held }));
  });
}

type Ending = Pick<Way, 'by' | 'to' | 'channels' | 'wakes'>;

/** Where a receiver leads: each of its integrations, and what the gate says of it besides. */
function waysFrom(receiver: string, { integrations }: Live, { ways, leads }: World): readonly Ending[] {
  const own = integrations.get(receiver);
  if (own === undefined) return [{ channels: [], wakes: 'unknown', to: 'a receiver that its configuration does not have' }];
  const said = ways.filter(({ name }) => leads.get(receiver)?.has(name) === true);
  const endings = own.map((integration) => endingOf(integration, own, ways, said));
  // The gate says that it leads there, and by a way that cannot be made out: a page that comes by it is still one.
  const unseen = said.filter(
    (way) =>
      way.wakes !== 'nobody' &&
      own.some(({ kind }) => way.integrations.includes(kind)) &&
      !endings.some(({ channels }) => channels.includes(way.name)),
  );
  return [...endings, ...unseen.map(({ name, to, wakes }) => ({ by: 'what the gate says of it', to, channels: [name], wakes }))];
}

function endingOf(
  integration: Integration,
  own: readonly Integration[],
  ways: readonly DeclaredWay[],
  said: readonly DeclaredWay[],
): Ending {
  const { kind, to } = integration;
  const candidates = ways.filter(({ integrations }) => integrations.includes(kind));
  const byAddress = candidates.filter(({ addresses }) => to !== undefined && addresses.some((address) => leadsTo(to, address)));
  const blind = candidates.filter(({ addresses }) => to === undefined || addresses.length === 0);
  const bySaying = blind.filter((way) => said.includes(way));
  // Anything can stand behind a webhook; PagerDuty is PagerDuty, and the gate names only one.
  const only = kind !== 'webhook' && candidates.length === 1 && blind.length === 1 ? blind : [];
  const matched = [byAddress, bySaying, only].find(({ length }) => length > 0) ?? [];
  // Two hidden addresses cannot both be the one channel that the gate names.
  const isCovered = byAddress.length > 0 || own.filter((each) => each.kind === kind && each.to === undefined).length <= matched.length;
  const shown = matched.length > 0 ? matched.map((way) => way.to).join(' or ') : to && withoutPath(to);
  const channels = matched.map(({ name }) => name);
  return { by: kind, ...(shown === undefined ? {} : { to: shown }), channels, wakes: wakingOf(kind, matched, isCovered) };
}

function wakingOf(kind: string, matched: readonly DeclaredWay[], isCovered: boolean): Waking {
  const waking = matched.find(({ wakes }) => wakes !== 'nobody')?.wakes;
  if (waking !== undefined) return waking;
  if (alwaysWake.includes(kind)) return 'somebody';
  if (leaveToRead.includes(kind)) return 'nobody';
  return matched.length > 0 && isCovered ? 'nobody' : 'unknown';
}

/** The path of a webhook is often its password. */
function withoutPath(to: string): string {
  return URL.canParse(to) ? new URL(to).host : to;
}

/** Whether an address of Alertmanager's is this one, or below it. */
function leadsTo(to: string, address: string): boolean {
  const [one, other] = [to.toLowerCase().replace(/\/+$/, ''), address.toLowerCase().replace(/\/+$/, '')];
  return one === other || one.startsWith(`${other}/`) || one.startsWith(`${other}?`);
}

/** What surely keeps an alert with these labels from being told now, in words. */
function heldBack(known: KnownLabels, { silences, alerts, config }: Live): readonly string[] {
  const silenced = silences
    .filter(({ matchers }) => mayMatch(known, matchers) === true)
    .map(({ id, createdBy, endsAt, comment }) => `silence ${id} of ${createdBy} until ${endsAt} ("${comment}")`);
  const inhibited = alerts.flatMap(({ labels: source, fingerprint }) => {
    const rule = config.inhibitRules.find(
      ({ source: from, target, equal }) =>
        mayMatch({ labels: source, without: 'all-others' }, from) === true &&
        mayMatch(known, target) === true &&
        mayMatch(
          known,
          equal.map((label) => ({ label, operator: '=', value: source[label] ?? '' })),
        ) === true,
    );
    return rule === undefined ? [] : [`alert ${source['alertname'] ?? fingerprint} by ${formatInhibitRule(rule)}`];
  });
  return [...silenced, ...new Set(inhibited)];
}
