import {
  isOnCall,
  mary,
  newId,
  now,
  type Account,
  type AlertRecord,
  type Entry,
  type IncidentRecord,
  type Service,
  type User,
} from './account.ts';
import type { PagerdutyBehaviour } from './behaviour.ts';
import type { Event } from './events-api.ts';

export interface IncidentOptions {
  readonly account: Account;
  readonly notifyAfterMs: number;
  /** From being notified until the button is pressed; `never` when they sleep. */
  acknowledgesAfterMs(): number | 'never';
  behaviour(): PagerdutyBehaviour;
  later(ms: number, act: () => void): void;
}

/** What becomes of an event that was taken: PagerDuty's side after the 202. */
export function takeEvent(event: Event, options: IncidentOptions): void {
  const behaviour = options.behaviour();
  const { account, later } = options;
  if (behaviour.kind === 'drop') return;
  if (behaviour.kind === 'delay') return later(behaviour.ms, () => apply(event, account.service, options));
  apply(event, behaviour.kind === 'misdeliver' ? account.otherService : account.service, options);
  if (behaviour.kind === 'twice' && event.event_action === 'trigger') open(event, account.service, options);
}

function apply(event: Event, service: Service, options: IncidentOptions): void {
  const known = options.account.incidents.filter(
    ({ status, alerts }) => status !== 'resolved' && alerts.some(({ key }) => key === event.dedup_key),
  );
  if (event.event_action === 'trigger') {
    const [first] = known;
    if (first === undefined) return open(event, service, options);
    // A further event of an open alert is logged; nobody is notified again.
    return void first.log.push(triggerEntry(event, service));
  }
  for (const incident of known) {
    if (event.event_action === 'resolve') resolve(incident, event, service);
    else if (incident.status === 'triggered') {
      incident.status = 'acknowledged';
      log(incident, { type: 'acknowledge_log_entry', summary: 'Acknowledged through the API.', agent: service, channel: { type: 'api' } });
    }
  }
}

function open(event: Event, service: Service, options: IncidentOptions): void {
  const { account, later, notifyAfterMs } = options;
  const createdAt = now();
  const alert: AlertRecord = {
    id: newId('Q'),
    key: event.dedup_key,
    summary: event.payload?.summary ?? '',
    severity: event.payload?.severity ?? 'error',
    details: event.payload?.custom_details ?? {},
    createdAt,
    status: 'triggered',
  };
  const incident: IncidentRecord = {
    id: newId('Q'),
    number: account.incidents.length + 1,
    title: alert.summary,
    service,
    createdAt,
    alerts: [alert],
    log: [triggerEntry(event, service)],
    assigned: assignees(service, options),
    acknowledgedBy: undefined,
    status: 'triggered',
    changedAt: createdAt,
    resolvedAt: undefined,
  };
  account.incidents.push(incident);
  for (const user of incident.assigned) {
    log(incident, { type: 'assign_log_entry', summary: `Assigned to ${user.name}`, agent: service, channel: { type: 'auto' } });
    later(notifyAfterMs, () => notify(incident, user, options));
  }
}

/** Whoever stands on the first level that anybody stands on; another service has people of its own. */
function assignees(service: Service, { account, behaviour }: IncidentOptions): readonly User[] {
  if (behaviour().kind === 'wakes-somebody-else' || service === account.otherService) return [mary];
  const onCall = account.onCall.filter(isOnCall);
  const first = Math.min(...onCall.map(({ level }) => level));
  return onCall.filter(({ level }) => level === first).map(({ user }) => user);
}

function notify(incident: IncidentRecord, user: User, { behaviour, later, acknowledgesAfterMs }: IncidentOptions): void {
  const { kind } = behaviour();
  if (incident.status !== 'triggered' || kind === 'wakes-nobody') return;
  const status = kind === 'call-fails' ? 'no_answer' : 'success';
  const notification = { type: 'phone', address: user.phone, status };
  log(incident, { type: 'notify_log_entry', summary: `Notified ${user.name} by phone`, user, channel: { type: 'auto', notification } });
  const afterMs = acknowledgesAfterMs();
  if (afterMs !== 'never' && status === 'success') later(afterMs, () => acknowledge(incident, user));
}

function acknowledge(incident: IncidentRecord, user: User): void {
  if (incident.status !== 'triggered') return;
  incident.status = 'acknowledged';
  incident.acknowledgedBy = { user, at: now() };
  log(incident, { type: 'acknowledge_log_entry', summary: `Acknowledged by ${user.name}`, agent: user, channel: { type: 'phone' } });
}

function resolve(incident: IncidentRecord, event: Event, service: Service): void {
  for (const alert of incident.alerts) alert.status = 'resolved';
  incident.status = 'resolved';
  incident.resolvedAt = now();
  incident.assigned = [];
  const channel = { type: 'api', details: event.payload?.custom_details ?? {} };
  log(incident, { type: 'resolve_log_entry', summary: 'Resolved through the API.', agent: service, channel });
}

function triggerEntry(event: Event, service: Service): Entry {
  const { summary = '', custom_details: details = {} } = event.payload ?? {};
  return {
    id: newId('Q'),
    type: 'trigger_log_entry',
    summary: 'Triggered through the API.',
    createdAt: now(),
    agent: service,
    channel: { type: 'api', summary, description: summary, incident_key: event.dedup_key, details },
  };
}

function log(incident: IncidentRecord, entry: Omit<Entry, 'id' | 'createdAt'>): void {
  const createdAt = now();
  incident.log.push({ ...entry, id: newId('Q'), createdAt });
  incident.changedAt = createdAt;
}
