import { Agent } from 'node:https';
import { connect } from 'node:net';
import { api, event } from '@pagerduty/pdjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askJson } from './ask.ts';
import { ada, grace, startPagerduty, type PagerdutyOptions, type RunningPagerduty } from './pagerduty.ts';
import { waitUntil } from './wait-until.ts';

let pagerduty: RunningPagerduty;
const start = async (options: PagerdutyOptions = {}): Promise<void> =>
  void (pagerduty = await startPagerduty({ notifiesAfterMs: 10, ...options }));
beforeEach(() => start());
afterEach(() => pagerduty.stop());

/** The SDK knows PagerDuty's own hosts alone: whatever it opens for them leads to the stand-in, without encryption. */
function leadHere(): object {
  const agent = new Agent();
  agent.createConnection = () => connect(pagerduty.port, '127.0.0.1');
  return { agent };
}

function rest(token = pagerduty.token) {
  return api({ token, ...leadHere() });
}

const payload = { summary: 'The server is on fire.', source: 'fire', severity: 'critical', custom_details: { room: 'cellar' } } as const;

async function trigger(dedup_key?: string) {
  const data = {
    routing_key: pagerduty.routingKey,
    event_action: 'trigger',
    ...(dedup_key === undefined ? {} : { dedup_key }),
    payload,
  } as const;
  return event({ data, ...leadHere() });
}

async function enqueue(body: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${pagerduty.url}/v2/enqueue`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

/** The names of the fields, sorted. */
function fieldsOf(thing: unknown): readonly string[] {
  return Object.keys(Object(thing)).toSorted();
}

describe('the Events API v2, by the official SDK', () => {
  it('takes an event with 202 and gives the deduplication key that it was sent with', async () => {
    const answer = await trigger('fire-1');
    expect(answer.response.status).toBe(202);
    expect(answer.data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'fire-1' });
  });

  it('makes up a deduplication key where none was sent', async () => {
    const answer = await trigger();
    expect(answer.data).toMatchObject({ dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('opens one incident for two events of the same key, and another one once that is resolved', async () => {
    await trigger('fire-1');
    await trigger('fire-1');
    expect(pagerduty.incidents()).toHaveLength(1);
    await event({ data: { routing_key: pagerduty.routingKey, event_action: 'resolve', dedup_key: 'fire-1', payload }, ...leadHere() });
    expect(pagerduty.incidents()[0]?.status).toBe('resolved');
    await trigger('fire-1');
    expect(pagerduty.incidents()).toHaveLength(2);
  });

  it('refuses what is not documented, with 400 and the reasons', async () => {
    const send = (changes: object) =>
      enqueue(JSON.stringify({ routing_key: pagerduty.routingKey, event_action: 'trigger', payload, ...changes }));
    const invalid = (error: unknown) => ({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    });
    expect(await send({ routing_key: 'short' })).toEqual(invalid("Length of 'routing_key' is incorrect (should be 32 characters)"));
    expect(await send({ routing_key: 'x'.repeat(32) })).toEqual(invalid('Invalid routing key'));
    expect(await send({ payload: { ...payload, summary: '' } })).toEqual(invalid("'payload.summary' is missing or blank"));
    expect(await send({ payload: { ...payload, severity: 'dire' } })).toEqual(invalid(expect.stringContaining("'payload.severity'")));
    expect(await send({ event_action: 'resolve' })).toEqual(invalid("'dedup_key' is missing or blank"));
    expect(await enqueue('no JSON')).toMatchObject({ status: 400, body: { status: 'Unrecognized object', errors: ['JSON parse error'] } });
    expect(pagerduty.incidents()).toEqual([]);
  });
});

describe('the REST API, by the official SDK', () => {
  it("gives incidents with the documented example's fields, page by page", async () => {
    await trigger('fire-1');
    await trigger('fire-2');
    await trigger('fire-3');
    const first = await rest().get('/incidents?limit=2');
    expect(first.data).toMatchObject({ limit: 2, offset: 0, more: true, total: null });
    // https://github.com/PagerDuty/api-schema, reference/REST/openapiv3.json: GET /incidents
    const documented =
      'acknowledgements alert_counts alert_grouping assigned_via assignments conference_bridge created_at escalation_policy ' +
      'first_trigger_log_entry html_url id incident_key incident_number incident_type incidents_responders is_mergeable last_status_change_at ' +
      'last_status_change_by pending_actions priority resolve_reason resolved_at responder_requests self service status summary teams title type ' +
      'updated_at urgency';
    expect(fieldsOf(first.resource[0])).toEqual(documented.split(' '));
    const all = await rest().all('/incidents?limit=2');
    expect(all.resource.map(({ title }: { title: string }) => title)).toEqual(Array(3).fill(payload.summary));
  });

  it('finds incidents by the key of their alert, their status, their service and their time', async () => {
    await trigger('fire-1');
    const count = async (query: string): Promise<number> => (await rest().get(`/incidents?${query}`)).resource.length;
    expect(await count('incident_key=fire-1')).toBe(1);
    expect(await count('incident_key=fire-2')).toBe(0);
    expect(await count('statuses[]=acknowledged&statuses[]=triggered')).toBe(1);
    expect(await count('statuses[]=resolved')).toBe(0);
    expect(await count('service_ids[]=POTHER1')).toBe(0);
    expect(await count(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
  });

  it("gives an incident's alerts with what the event brought", async () => {
    await trigger('fire-1');
    const { data } = await rest().get(`/incidents/${pagerduty.incidents()[0]?.id ?? ''}/alerts`);
    expect(fieldsOf(data.alerts[0])).toEqual(
      'alert_key body created_at html_url id incident integration self service severity status summary suppressed type'.split(' '),
    );
    expect(data.alerts[0]).toMatchObject({
      alert_key: 'fire-1',
      status: 'triggered',
      body: { type: 'alert_body', details: { room: 'cellar' } },
    });
  });

  it('logs newest first what happens to an incident: who was notified by phone, and who acknowledged', async () => {
    pagerduty.acknowledge(5);
    await trigger('fire-1');
    const id = pagerduty.incidents()[0]?.id ?? '';
    await waitUntil('Ada has acknowledged', () => pagerduty.incidents()[0]?.status === 'acknowledged');
    const { data } = await rest().get(`/incidents/${id}/log_entries?include[]=channels`);
    expect(data.log_entries.map(({ type }: { type: string }) => type)).toEqual([
      'acknowledge_log_entry',
      'notify_log_entry',
      'assign_log_entry',
      'trigger_log_entry',
    ]);
    expect(data.log_entries[0]).toMatchObject({ agent: { type: 'user_reference', summary: 'Ada Okafor' }, channel: { type: 'phone' } });
    expect(data.log_entries[1]).toMatchObject({
      user: { type: 'user_reference', summary: 'Ada Okafor' },
      channel: { type: 'auto', notification: { type: 'phone', address: '+1 5005550006', status: 'success' } },
    });
    expect(data.log_entries[3]).toMatchObject({
      agent: { type: 'service_reference' },
      channel: { type: 'api', details: { room: 'cellar' } },
    });
    expect(fieldsOf(data.log_entries[3])).toEqual(
      expect.arrayContaining('channel contexts created_at event_details html_url incident self teams'.split(' ')),
    );
    const bare = await rest().get(`/incidents/${id}/log_entries`);
    expect(JSON.stringify(bare.data)).not.toContain('cellar');
  });

  it('tells who is on call, with their addresses when users are included', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    pagerduty.setOnCall([{ ...ada, until }, grace]);
    const { data } = await rest().get(`/oncalls?escalation_policy_ids[]=${pagerduty.escalationPolicy}&include[]=users&earliest=true`);
    expect(fieldsOf(data.oncalls[0])).toEqual(['end', 'escalation_level', 'escalation_policy', 'schedule', 'start', 'user']);
    expect(data.oncalls).toMatchObject([
      { escalation_level: 1, end: until, user: { type: 'user', email: 'ada@accubooks.test' } },
      { escalation_level: 2, end: null, user: { email: 'grace@accubooks.test' } },
    ]);
    const other = await rest().get('/oncalls?escalation_policy_ids[]=PNOBODY');
    expect(other.data.oncalls).toEqual([]);
  });

  it('knows users, their contact methods and the escalation policy', async () => {
    const users = await rest().get('/users');
    expect(users.data.users.map(({ email }: { email: string }) => email)).toContain('ada@accubooks.test');
    const one = await rest().get('/users/PADA001');
    expect(one.data.user).toMatchObject({ id: 'PADA001', email: 'ada@accubooks.test' });
    const methods = await rest().get('/users/PADA001/contact_methods');
    expect(methods.data.contact_methods).toMatchObject([{ type: 'phone_contact_method', country_code: 1 }]);
    const policies = await rest().get('/escalation_policies');
    expect(policies.data.escalation_policies[0].escalation_rules).toHaveLength(2);
  });

  it('refuses unknown keys with 401, unknown things with 404, and bad questions with 400', async () => {
    const wrong = await rest('wrong').get('/incidents');
    expect([wrong.response.status, wrong.data]).toEqual([401, { error: { message: 'Authentication failed', code: 2006 } }]);
    const missing = await rest().get('/incidents/PNOBODY/alerts');
    expect([missing.response.status, missing.data]).toEqual([404, { error: { message: 'Not Found', code: 2100 } }]);
    const bad = await rest().get('/incidents?since=yesterday');
    expect([bad.response.status, bad.data]).toMatchObject([400, { error: { code: 2004 } }]);
    const version = await fetch(`${pagerduty.url}/incidents`, {
      headers: { authorization: `Token token=${pagerduty.token}`, accept: 'text/html' },
    });
    expect(version.status).toBe(400);
  });

  it('counts questions by the minute, says how many are left, and answers 429 when none is', async () => {
    await pagerduty.stop();
    await start({ requestsPerMinute: 2 });
    const ask = () =>
      fetch(`${pagerduty.url}/users`, {
        headers: { authorization: `Token token=${pagerduty.token}`, accept: 'application/vnd.pagerduty+json;version=2' },
      });
    expect((await ask()).headers.get('ratelimit-remaining')).toBe('1');
    await ask();
    const limited = await ask();
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('ratelimit-reset'))).toBeGreaterThan(50);
    expect(await limited.json()).toEqual({ error: { message: 'Rate Limit Exceeded', code: 2020 } });
  });
});

describe('misbehaving', () => {
  const send = () => trigger('fire-1');
  const opened = (count = 1) => waitUntil(`${String(count)} incidents`, () => pagerduty.incidents().length === count);
  const logOf = (type: string) => pagerduty.incidents().flatMap(({ log }) => log.filter((entry) => entry.type === type));

  it('drops, delays, misdelivers, doubles and garbles what it has accepted', async () => {
    pagerduty.behave({ kind: 'drop' });
    expect((await send()).response.status).toBe(202);
    expect(pagerduty.incidents()).toEqual([]);
    pagerduty.behave({ kind: 'delay', ms: 20 });
    await send();
    expect(pagerduty.incidents()).toEqual([]);
    await opened();
    pagerduty.behave({ kind: 'misdeliver' });
    await trigger('fire-2');
    expect(pagerduty.incidents().at(-1)?.service.name).toBe('Coffee machine');
    pagerduty.behave({ kind: 'twice' });
    await trigger('fire-3');
    await opened(4);
    pagerduty.behave({ kind: 'garble' });
    await trigger('fire-4');
    expect(JSON.stringify(pagerduty.incidents().at(-1))).not.toContain('cellar');
  });

  it('answers 429 as often as asked and then no more, and 500 for ever', async () => {
    pagerduty.behave({ kind: 'status', status: 429, retryAfterS: 7, times: 1, of: 'events' });
    const limited = await fetch(`${pagerduty.url}/v2/enqueue`, { method: 'POST', body: '{}' });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await send()).response.status).toBe(202);
    pagerduty.behave({ kind: 'status', status: 500 });
    expect((await send()).response.status).toBe(500);
    expect((await rest().get('/incidents')).response.status).toBe(500);
  });

  it('refuses keys that were good', async () => {
    pagerduty.behave({ kind: 'refuse' });
    expect((await send()).response.status).toBe(400);
    expect((await rest().get('/incidents')).response.status).toBe(401);
    pagerduty.behave({ kind: 'refuse', of: 'events' });
    expect((await rest().get('/incidents')).response.status).toBe(200);
  });

  it('notifies somebody else, or in vain', async () => {
    pagerduty.behave({ kind: 'wakes-somebody-else' });
    await send();
    await waitUntil('Mary is notified', () => logOf('notify_log_entry')[0]?.user?.name === 'Mary Adeyemi');
    pagerduty.behave({ kind: 'call-fails' });
    await trigger('fire-2');
    await waitUntil('the call fails', () => logOf('notify_log_entry').length === 2);
    expect(JSON.stringify(logOf('notify_log_entry')[1])).toContain('no_answer');
  });

  it('assigns nobody when nobody is on call', async () => {
    pagerduty.setOnCall([]);
    await send();
    expect(pagerduty.incidents()[0]).toMatchObject({ assigned: [], status: 'triggered' });
  });

  it('is a part of the stack that is asked like the others', async () => {
    await expect(askJson('GET', `${pagerduty.url}/users`)).rejects.toThrow('401');
  });
});
