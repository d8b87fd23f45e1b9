import { shortenedAround } from '../../base/shortened.ts';
import type { Acknowledgement, Arrival } from '../../alert/channel.ts';
import type { Alert, Incident, LogEntry } from './answers.ts';

const longestExcerpt = 1_500;

/** Everything that PagerDuty tells of one incident. */
export interface Story {
  readonly incident: Incident;
  readonly alerts: readonly Alert[];
  readonly log: readonly LogEntry[];
}

export interface Wanted {
  readonly nonce: string;
  /** Sent by ourselves: the nonce is its deduplication key. */
  readonly isOwn: boolean;
  readonly service: string | undefined;
  /** Ids of the users of whom one must be notified; undefined when anybody counts. */
  readonly people: ReadonlySet<string> | undefined;
}

/** Where somebody was notified: an arrival that people see. Where nobody was: one that they do not see. */
export function arrivalsIn(story: Story, wanted: Wanted): readonly Arrival[] {
  const since = broughtAt(story, wanted);
  if (since === undefined) return [];
  const { incident } = story;
  const notices = noticesIn(story, since);
  const right = notices.filter(({ id }) => wanted.people?.has(id) ?? true);
  const isRightService = wanted.service === undefined || incident.service?.id === wanted.service;
  const service = incident.service?.summary ?? incident.service?.id ?? 'an unknown service';
  const [first] = right;
  const others = [...new Set(notices.map(({ who }) => who))].join(' and ');
  const told =
    first !== undefined ? `notified ${first.who} by ${first.means}` : others === '' ? 'nobody notified' : `only ${others} notified`;
  const seen = first !== undefined && isRightService;
  const arrival: Arrival = {
    status: 'firing',
    at: iso(first?.at ?? since),
    place: `incident #${String(incident.incident_number)} of ${service}${isRightService ? '' : ' (another service)'}, ${told}`,
    seenByPeople: seen,
    excerpt: excerptOf(story, wanted.nonce),
    hops: hopsIn(story, since),
  };
  // Our own message is one message; an alert that is over is a second one.
  if (wanted.isOwn) return [arrival];
  const resolved = resolvedAt(story, since, wanted.nonce);
  const over: readonly Arrival[] = resolved === undefined ? [] : [{ ...arrival, at: iso(resolved), status: 'resolved' }];
  return [arrival, ...over];
}

/** Only people acknowledge; a monitoring system that does it by an event has seen nothing. */
export function acknowledgementsIn(story: Story, wanted: Wanted): readonly Acknowledgement[] {
  const since = broughtAt(story, wanted);
  if (since === undefined) return [];
  return inOrder(story.log)
    .filter(({ type, agent, created_at }) => acknowledged.test(type) && isUser(agent?.type) && isSince(created_at, since))
    .map(({ created_at, agent, channel }) => ({
      at: iso(created_at),
      by: agent?.summary ?? agent?.id ?? 'a user',
      how: `acknowledged the incident${channel?.type === undefined ? '' : ` by ${channel.type}`}`,
    }));
}

/** The documentation names the type in both ways. */
const acknowledged = /^acknowledge(ment)?_log_entry$/;

/** When the nonce came to this incident: what happened to it before has nothing to do with us. Undefined when it never came. */
function broughtAt({ alerts, log }: Story, { nonce, isOwn }: Wanted): string | undefined {
  const carriers = [
    ...alerts.filter((alert) => (isOwn && alert.alert_key === nonce) || isIn(nonce, firingPart(alert.body?.details), alert.summary)),
    ...log.filter(({ type, channel }) => type === 'trigger_log_entry' && isIn(nonce, firingPart(channel))),
  ];
  return carriers.map(({ created_at }) => created_at).toSorted(byTime)[0];
}

/** Alertmanager's details list what is over under `resolved`: a nonce that stands only there did not come to fire. */
function firingPart(details: unknown): unknown {
  return JSON.parse(JSON.stringify(details ?? null, (key, value: unknown) => (key === 'resolved' ? undefined : value)));
}

function isIn(nonce: string, ...things: readonly unknown[]): boolean {
  return things.some((thing) => JSON.stringify(thing ?? '').includes(nonce));
}

/** Over when the incident is, or when a later event of its group lists it as resolved and no longer as firing. */
function resolvedAt({ incident, log }: Story, since: string, nonce: string): string | undefined {
  const entries = inOrder(log).filter(({ created_at }) => isSince(created_at, since));
  const left = entries.find(
    ({ type, channel }) => type === 'trigger_log_entry' && isIn(nonce, channel) && !isIn(nonce, firingPart(channel)),
  );
  if (left !== undefined) return left.created_at;
  if (incident.status !== 'resolved') return undefined;
  const last = entries.findLast(({ type }) => type === 'resolve_log_entry');
  return last?.created_at ?? incident.last_status_change_at ?? undefined;
}

interface Notice {
  readonly id: string;
  readonly who: string;
  readonly means: string;
  readonly at: string;
}

/** A notification that PagerDuty calls anything but a success has reached nobody. */
function noticesIn({ log }: Story, since: string): readonly Notice[] {
  return inOrder(log).flatMap(({ type, user, channel, created_at }) => {
    if (type !== 'notify_log_entry' || user === undefined || user === null || !isSince(created_at, since)) return [];
    const { type: means = 'unknown means', status } = channel?.notification ?? {};
    if (!succeeded(status)) return [];
    const id = user.id ?? '';
    return [{ id, who: user.summary ?? id, means: means.replace(/_notification$/, ''), at: created_at }];
  });
}

/** Older entries carry no status. */
function succeeded(status: string | null | undefined): boolean {
  return status === undefined || status === null || status === 'success';
}

function hopsIn(story: Story, since: string): NonNullable<Arrival['hops']> {
  return inOrder(story.log)
    .filter(({ created_at }) => isSince(created_at, since))
    .flatMap((entry) => {
      const hop = hopOf(entry);
      return hop === undefined ? [] : [{ hop, at: iso(entry.created_at) }];
    });
}

function hopOf({ type, user, agent, channel }: LogEntry): string | undefined {
  const by = typeof agent?.summary === 'string' ? ` by ${agent.summary}` : '';
  if (type === 'trigger_log_entry') return 'triggered';
  if (type === 'resolve_log_entry') return `resolved${by}`;
  if (acknowledged.test(type)) return `acknowledged${by}`;
  if (type !== 'notify_log_entry') return undefined;
  const { type: means = 'unknown means', status } = channel?.notification ?? {};
  const failed = succeeded(status) ? '' : ` (${status ?? ''})`;
  return `notified ${user?.summary ?? 'somebody'} by ${means.replace(/_notification$/, '')}${failed}`;
}

/** Title and details in one line; when that would cut the nonce away, the part around it. */
function excerptOf({ incident, alerts, log }: Story, nonce: string): string {
  const carrier = alerts.find(({ alert_key, body, summary }) => alert_key === nonce || isIn(nonce, body, summary));
  const brought = carrier?.body?.details ?? log.find(({ channel }) => isIn(nonce, channel))?.channel?.['details'];
  const parts = [carrier?.summary ?? incident.title ?? '', ...textsIn(brought)];
  const whole = parts.join(' | ').replace(/\s+/g, ' ').trim();
  return shortenedAround(whole, nonce, longestExcerpt);
}

function textsIn(thing: unknown): readonly string[] {
  if (thing === null || thing === undefined) return [];
  if (typeof thing === 'object') return Object.values(thing).flatMap(textsIn);
  return [typeof thing === 'string' ? thing : JSON.stringify(thing)];
}

function isUser(type: string | undefined): boolean {
  return type === 'user' || type === 'user_reference';
}

/** PagerDuty gives the newest first, and writes whole seconds. */
function inOrder(log: readonly LogEntry[]): readonly LogEntry[] {
  return log.toReversed().toSorted((a, b) => byTime(a.created_at, b.created_at));
}

function isSince(text: string, since: string): boolean {
  return Date.parse(text) >= Math.floor(Date.parse(since) / 1000) * 1000;
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

function iso(text: string): string {
  return new Date(text).toISOString();
}
