import type { Account, AlertRecord, Entry, IncidentRecord, OnCallEntry, Service, User } from './account.ts';

const api = 'https://api.pagerduty.com';
const web = 'https://accubooks.pagerduty.com';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** How the REST API writes what the account holds. Fields: https://github.com/PagerDuty/api-schema (reference/REST/openapiv3.json). */
function reference(type: string, { id, name }: Named) {
  const plural = type === 'escalation_policy' ? 'escalation_policies' : `${type}s`;
  return { id, type: `${type}_reference`, summary: name, self: `${api}/${plural}/${id}`, html_url: `${web}/${plural}/${id}` };
}

export function userShape({ id, name, email }: User) {
  return {
    ...reference('user', { id, name }),
    type: 'user',
    name,
    email,
    time_zone: 'Etc/UTC',
    color: 'purple',
    role: 'user',
    description: null,
    invitation_sent: false,
    job_title: 'Engineer',
    teams: [],
    contact_methods: [
      {
        id: `C${id}`,
        type: 'phone_contact_method_reference',
        summary: 'Mobile',
        self: `${api}/users/${id}/contact_methods/C${id}`,
        html_url: null,
      },
    ],
    notification_rules: [],
    coordinated_incidents: [],
  };
}

export function contactMethodShape({ id, phone }: User) {
  const [, country = '1', address = phone] = /^\+(\d+) (.+)$/.exec(phone) ?? [];
  return {
    id: `C${id}`,
    type: 'phone_contact_method',
    summary: 'Mobile',
    self: `${api}/users/${id}/contact_methods/C${id}`,
    html_url: null,
    label: 'Mobile',
    address,
    country_code: Number(country),
    blacklisted: false,
    enabled: true,
  };
}

export function policyShape({ policy, schedule, service, onCall }: Account) {
  const levels = [...new Set(onCall.map(({ level }) => level))].toSorted((a, b) => a - b);
  return {
    ...reference('escalation_policy', policy),
    type: 'escalation_policy',
    name: policy.name,
    description: 'Who is called when AccuBooks is not well.',
    num_loops: 0,
    on_call_handoff_notifications: 'if_has_services',
    escalation_rules: levels.map((level) => ({
      id: `PRULE${String(level).padStart(2, '0')}`,
      escalation_delay_in_minutes: 5,
      targets: onCall
        .filter((each) => each.level === level)
        .map(({ user, until }) => (until === undefined ? reference('user', user) : reference('schedule', schedule))),
    })),
    services: [reference('service', service)],
    teams: [],
  };
}

export function onCallShape({ policy, schedule }: Account, { user, level, until }: OnCallEntry, include: ReadonlySet<string>) {
  return {
    user: include.has('users') ? userShape(user) : reference('user', user),
    schedule: until === undefined ? null : reference('schedule', schedule),
    escalation_policy: reference('escalation_policy', policy),
    escalation_level: level,
    start: until === undefined ? null : new Date(Date.parse(until) - 7 * 86_400_000).toISOString(),
    end: until ?? null,
  };
}

export function incidentShape({ policy }: Account, incident: IncidentRecord) {
  const { id, number, title, service, status, alerts, log, acknowledgedBy } = incident;
  const [first] = log;
  return {
    ...reference('incident', { id, name: `[#${String(number)}] ${title}` }),
    type: 'incident',
    incident_number: number,
    title,
    created_at: incident.createdAt,
    updated_at: incident.changedAt,
    status,
    // As documented: an incident with alerts has no key of its own, and is found by theirs.
    incident_key: null,
    service: reference('service', service),
    assignments: incident.assigned.map((user) => ({ at: incident.createdAt, assignee: reference('user', user) })),
    assigned_via: 'escalation_policy',
    last_status_change_at: incident.changedAt,
    last_status_change_by: reference('service', service),
    resolved_at: incident.resolvedAt ?? null,
    first_trigger_log_entry: first === undefined ? null : entryReference(first, id),
    alert_counts: {
      all: alerts.length,
      triggered: alerts.filter((alert) => alert.status === 'triggered').length,
      resolved: alerts.filter((alert) => alert.status === 'resolved').length,
    },
    is_mergeable: true,
    incident_type: { name: 'incident_default' },
    escalation_policy: reference('escalation_policy', policy),
    teams: [],
    pending_actions: [],
    acknowledgements:
      status === 'acknowledged' && acknowledgedBy !== undefined
        ? [{ at: acknowledgedBy.at, acknowledger: reference('user', acknowledgedBy.user) }]
        : [],
    alert_grouping: null,
    priority: null,
    resolve_reason: null,
    conference_bridge: null,
    incidents_responders: [],
    responder_requests: [],
    urgency: 'high',
  };
}

export function alertShape(
  { id: incidentId, service }: IncidentRecord,
  { id, key, summary, severity, details, createdAt, status }: AlertRecord,
) {
  return {
    id,
    type: 'alert',
    summary,
    self: `${api}/incidents/${incidentId}/alerts/${id}`,
    html_url: `${web}/alerts/${id}`,
    created_at: createdAt,
    status,
    alert_key: key,
    service: reference('service', service),
    body: { type: 'alert_body', contexts: [], details },
    incident: { id: incidentId, type: 'incident_reference' },
    suppressed: false,
    severity,
    integration: { id: 'PINTEG1', type: 'events_api_v2_inbound_integration_reference', summary: 'Prometheus', self: null, html_url: null },
  };
}

export function entryShape({ id: incidentId, number, title, service }: IncidentRecord, entry: Entry, include: ReadonlySet<string>) {
  const { type = 'api', notification, ...brought } = entry.channel as { readonly type?: string; readonly notification?: unknown };
  // What the event brought is given to those who ask for channels; by what means somebody was notified is always told.
  const channel = { type, ...(notification === undefined ? {} : { notification }), ...(include.has('channels') ? brought : {}) };
  return {
    ...entryReference(entry, incidentId),
    type: entry.type,
    created_at: entry.createdAt,
    ...(entry.agent === undefined ? {} : { agent: agentShape(entry.agent) }),
    ...(entry.user === undefined ? {} : { user: reference('user', entry.user) }),
    channel,
    service: reference('service', service),
    incident: reference('incident', { id: incidentId, name: `[#${String(number)}] ${title}` }),
    teams: [],
    contexts: [],
    event_details: entry.type === 'trigger_log_entry' ? { description: title } : {},
  };
}

function entryReference({ id, type, summary }: Entry, incidentId: string) {
  const self = `${api}/log_entries/${id}?incident_id=${incidentId}`;
  return { id, type: `${type}_reference`, summary, self, html_url: `${web}/incidents/${incidentId}/log_entries/${id}` };
}

function agentShape(agent: User | Service) {
  return reference('email' in agent ? 'user' : 'service', agent);
}
