import { describe, expect, it } from 'vitest';
import { couldWake, reach } from '../../../src/gate/plan/reach.ts';
import type { Live } from '../../../src/gate/plan/live.ts';
import type { World } from '../../../src/gate/plan/world.ts';
import type { Signal, Touch } from '../../../src/gate/touch.ts';
import { parseAlertmanagerConfig } from '../../../src/stack/alertmanager/config.ts';
import { integrationsIn } from '../../../src/stack/alertmanager/receivers.ts';

const url = 'http://alertmanager:9093';

const config = `
route:
  receiver: chat
  routes:
    - { matchers: [severity="critical"], receiver: pager }
    - { matchers: [severity="ticket"], receiver: tickets }
    - { matchers: [severity="bridge"], receiver: bridge }
receivers:
  - { name: chat, slack_configs: [{ channel: '#ops' }], email_configs: [{ to: ada@example.org }] }
  - { name: pager, pagerduty_configs: [{ routing_key: <secret> }] }
  - { name: tickets, webhook_configs: [{ url: <secret> }] }
  - { name: bridge, webhook_configs: [{ url: 'http://bridge:9097/alerts' }] }
inhibit_rules:
  - { source_matchers: [alertname="Maintenance"], target_matchers: [severity="critical"], equal: [cluster] }
`;

function live(text = config, now: Partial<Live> = {}): Live {
  return { url, config: parseAlertmanagerConfig(text), integrations: integrationsIn(text), silences: [], alerts: [], ...now };
}

const world: World = {
  ways: [
    { name: 'room', wakes: 'nobody', to: 'Slack channel C1', integrations: ['slack'], addresses: [] },
    { name: 'inbox', wakes: 'nobody', to: 'ada@example.org', integrations: ['email'], addresses: ['ada@example.org'] },
    { name: 'duty', wakes: 'on-call', to: 'PagerDuty', integrations: ['pagerduty'], addresses: [] },
    { name: 'phone', wakes: 'holder', to: '+15550001111', integrations: ['webhook'], addresses: ['http://bridge:9097'] },
    { name: 'desk', wakes: 'nobody', to: 'desk:80', integrations: ['webhook'], addresses: ['http://desk/new'] },
  ],
  leads: new Map(),
};

function alert(labels: Record<string, string>, without: Signal['without'] = 'all-others'): Touch {
  return { does: 'test-alert', says: 'a test alert', signals: [{ alert: 'A', labels: { alertname: 'A', ...labels }, without, at: [url] }] };
}

const channels = (touch: Touch, at = live(), known = world): readonly string[] =>
  reach(touch, [at], known).ways.map((way) => `${way.receiver ?? ''} ${way.channels.join('|')} ${way.wakes}`);

describe('where an alert leads', () => {
  it('is read from the receivers of its routes, and told in the names of the gate’s channels', () => {
    expect(channels(alert({ severity: 'low' }))).toEqual(['chat room nobody', 'chat inbox nobody']);
    expect(channels(alert({ severity: 'critical' }))).toEqual(['pager duty on-call']);
    expect(channels(alert({ severity: 'bridge' }))).toEqual(['bridge phone holder']);
  });

  it('wakes somebody when a receiver that looks harmless also pages', () => {
    const also = config.replace("slack_configs: [{ channel: '#ops' }]", "slack_configs: [{ channel: '#ops' }], opsgenie_configs: [{}]");
    expect(channels(alert({ severity: 'low' }), live(also))).toContain('chat  somebody');
    expect(couldWake(reach(alert({ severity: 'low' }), [live(also)], world))).toBe(true);
    expect(couldWake(reach(alert({ severity: 'low' }), [live()], world))).toBe(false);
  });

  it('is not known behind a webhook whose address is hidden, unless the gate says where the receiver leads', () => {
    expect(channels(alert({ severity: 'ticket' }))).toEqual(['tickets  unknown']);
    const said = { ...world, leads: new Map([['tickets', new Set(['desk'])]]) };
    expect(channels(alert({ severity: 'ticket' }), live(), said)).toEqual(['tickets desk nobody']);
  });

  it('is not known for a second hidden webhook beside the one that the gate names', () => {
    const said = { ...world, leads: new Map([['tickets', new Set(['desk'])]]) };
    const two = config.replace('webhook_configs: [{ url: <secret> }]', 'webhook_configs: [{ url: <secret> }, { url: <secret> }]');
    expect(couldWake(reach(alert({ severity: 'ticket' }), [live(two)], said))).toBe(true);
  });

  it('is the channel that wakes people when the gate says that the receiver leads there, whatever its webhook’s address', () => {
    const said = { ...world, leads: new Map([['bridge', new Set(['phone'])]]) };
    const moved = config.replace('http://bridge:9097/alerts', 'http://10.0.0.7/alerts');
    expect(channels(alert({ severity: 'bridge' }), live(moved), said)).toContain('bridge phone holder');
  });

  it('is not known for an integration that we have never heard of', () => {
    const odd = config.replace('slack_configs', 'carrierpigeon_configs');
    expect(channels(alert({ severity: 'low' }), live(odd))).toContain('chat  unknown');
  });

  it('takes every branch into account that a label may lead to which is not known yet', () => {
    expect(channels(alert({}, [])).filter((each) => !each.startsWith('chat'))).toEqual([
      'pager duty on-call',
      'tickets  unknown',
      'bridge phone holder',
    ]);
  });

  it('is not known when the Alertmanager cannot be read', () => {
    const unread = reach(alert({ severity: 'low' }), [{ url, trouble: { code: 'stack/unreachable', says: 'no answer' } }], world);
    expect(unread).toMatchObject({ ways: [], untold: ['where its alerts go: no answer'] });
    expect(couldWake(unread)).toBe(true);
  });
});

describe('what holds an alert back', () => {
  const silence = { id: 's1', createdBy: 'ada', comment: 'later', endsAt: '2026-01-01T10:00:00Z' };
  const byName = { ...silence, matchers: [{ label: 'alertname', operator: '=', value: 'A' }] } as const;

  it('is a silence that surely matches it, and still does not let it page without consent', () => {
    const silenced = reach(alert({ severity: 'critical' }), [live(config, { silences: [byName] })], world);
    expect(silenced.ways[0]?.heldBackBy).toEqual(['silence s1 of ada until 2026-01-01T10:00:00Z ("later")']);
    expect(couldWake(silenced)).toBe(true);
  });

  it.each([
    ['of a label that is not known yet', { ...silence, matchers: [{ label: 'instance', operator: '=', value: 'a' }] } as const],
    [
      'written in a way that only Go reads',
      { ...silence, matchers: [{ label: 'alertname', operator: '=~', value: '[[:upper:]]' }] } as const,
    ],
  ])('is no silence %s', (_, other) => {
    const told = reach(alert({ severity: 'critical' }, []), [live(config, { silences: [other] })], world);
    expect(told.ways[0]?.heldBackBy).toEqual([]);
  });

  it('is an active alert that inhibits it, when the labels that the rule compares are the same', () => {
    const held = {
      fingerprint: 'f',
      startsAt: '',
      updatedAt: '',
      receivers: [],
      state: 'active',
      silencedBy: [],
      inhibitedBy: [],
      mutedBy: [],
    };
    const maintenance = { ...held, labels: { alertname: 'Maintenance', cluster: 'eu' } };
    const heldBackBy = (labels: Record<string, string>): readonly string[] | undefined =>
      reach(alert({ severity: 'critical', ...labels }), [live(config, { alerts: [maintenance] })], world).ways[0]?.heldBackBy;
    expect(heldBackBy({ cluster: 'eu' })?.[0]).toMatch(/^alert Maintenance by inhibit rule 1 /);
    expect(heldBackBy({ cluster: 'us' })).toEqual([]);
  });

  it('counts only where every Alertmanager that takes the alert holds it back', () => {
    const touch = alert({ severity: 'critical' });
    const both = { ...touch, signals: (touch.signals ?? []).map((signal) => ({ ...signal, at: [url, 'http://b'] })) };
    const one = reach(both, [live(config, { silences: [byName] }), { ...live(), url: 'http://b' }], world);
    expect(one.ways.map(({ heldBackBy }) => heldBackBy)).toEqual([[]]);
  });
});

it('a message goes straight to its channel, and wakes whom that wakes', () => {
  const message = (channel: string): Touch => ({ does: 'test-message', says: 'a message', channels: [channel] });
  expect(couldWake(reach(message('phone'), [], world))).toBe(true);
  expect(couldWake(reach(message('inbox'), [], world))).toBe(false);
});
